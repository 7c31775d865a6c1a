"""Why the sales of a category changed, split by price, quantity, range and customers."""

from flask_babel import gettext as _
from flask_babel import pgettext

from models.insights import products, weak
from models.insights.customers import names_of
from models.insights.overview import share
from views.figures.amounts import before_and_change, money
from views.figures.page import Cell, Column, Figure, Page, Rows, Table, documents_url
from views.figures.products import product_names, requested_category


def page(lens):
    """The change of one category; of the one that fell most when none is named."""
    category = requested_category()
    if category is None:
        fell = sorted(products.categories(lens, courses=False), key=lambda c: c.net - c.before)
        category = fell[0].name if fell else ""
    explanation = weak.explain(lens, category)
    span = {
        side: documents_url(lens, category=category, only=side, figure="net")
        for side in ("both", "gained", "lost")
    }
    parts = [
        (
            _("Unit price"),
            explanation.price,
            _("the price now against before, on the quantity now"),
            "both",
        ),
        (
            _("Quantity"),
            explanation.quantity,
            _("more or less of the same products by the same customers"),
            "both",
        ),
        (
            _("Other products"),
            explanation.range,
            _("products bought in only one of the two periods by customers of both"),
            "both",
        ),
        (_("Customers won"), explanation.new, _("customers who did not buy before"), "gained"),
        (
            _("Customers lost"),
            explanation.lost,
            _("customers who bought before and not now"),
            "lost",
        ),
    ]
    most, fall = (
        max((abs(v) for _n, v, _t, _s in parts), default=0),
        explanation.now - explanation.before,
    )
    before, fallen = lens.before(), explanation.products[:50]
    names = product_names([p for p, _before, _now in fallen])

    def lost(some):
        names = names_of(c for c, _net in some)
        return [
            [
                names.get(c, "?"),
                Cell(net, documents_url(before, category=category, customer=c, figure="net")),
            ]
            for c, net in some
        ]

    table = Table(
        _("What changed"),
        [
            Column(_("Cause"), "lead"),
            Column(pgettext("figure", "Change"), "money"),
            Column("", "bar"),
            Column(_("Share of the change"), "percent"),
            Column(_("Meaning"), "text"),
        ],
        [
            [
                name,
                Cell(value, span[side]),
                (value, most),
                share(value, fall) if fall > 0 else share(-value, -fall) if fall else None,
                text,
            ]
            for name, value, text, side in parts
        ],
        foot=[_("Total"), fall, None, 10000 if fall else None, ""],
    )
    return Page(
        _("Why: %(category)s", category=category or _("Without category")),
        _("The change from the previous period is split into parts that add up exactly."),
        [
            Figure(
                _("This period"),
                money(explanation.now, lens),
                before_and_change(explanation.now, explanation.before, lens),
                documents_url(lens, category=category, figure="net"),
            ),
            Figure(
                _("Period before"),
                money(explanation.before, lens),
                f"{before.first} – {before.last}",
                documents_url(before, category=category, figure="net"),
            ),
            Figure(
                _("Customers lost"),
                f"{len(explanation.lost_customers)}",
                money(-explanation.lost, lens),
                documents_url(lens, category=category, only="lost", figure="customers"),
            ),
            Figure(
                _("Customers won"),
                f"{len(explanation.new_customers)}",
                money(explanation.new, lens),
                documents_url(lens, category=category, only="gained", figure="customers"),
            ),
        ],
        tables=[
            table,
            Table(
                _("Customers lost"),
                [Column(_("Customer"), "lead"), Column(_("Bought before"), "money")],
                Rows(explanation.lost_customers, lost),
                _("None."),
            ),
            Table(
                _("Products"),
                [
                    Column(_("Product"), "lead"),
                    Column(_("Period before"), "money"),
                    Column(_("This period"), "money"),
                    Column(pgettext("figure", "Change"), "moneychange"),
                ],
                [
                    [
                        Cell(names[p], documents_url(lens, product=p)),
                        Cell(b, documents_url(before, product=p, figure="net")),
                        Cell(n, documents_url(lens, product=p, figure="net")),
                        n - b,
                    ]
                    for p, b, n in fallen
                ],
                _("None."),
            ),
        ],
    )
