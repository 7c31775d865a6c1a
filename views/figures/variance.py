"""Why a category rose or fell: taken apart by price, quantity and what is sold."""

from flask_babel import gettext as _

from models.insights import products, weak
from models.insights.overview import share
from views.figures.amounts import money, moved
from views.figures.page import Cell, Column, Figure, Page, Table, papers
from views.figures.products import asked_category


def page(look):
    """One category's change, taken apart; the one that fell most when none is named."""
    category = asked_category()
    if category is None:
        fell = sorted(products.categories(look, courses=False), key=lambda c: c.net - c.before)
        category = fell[0].name if fell else ""
    w = weak.explain(look, category)
    span = {
        side: papers(look, category=category, only=side, figure="net")
        for side in ("both", "gained", "lost")
    }
    parts = [
        (_("Price"), w.price, _("the price now against before, on the quantity now"), "both"),
        (
            _("Quantity"),
            w.quantity,
            _("more or less of the same products by the same customers"),
            "both",
        ),
        (
            _("Other products"),
            w.range,
            _("products bought in only one of the two periods by customers of both"),
            "both",
        ),
        (_("Customers won"), w.new, _("those who bought nothing before"), "gained"),
        (_("Customers lost"), w.lost, _("those who bought before and now nothing"), "lost"),
    ]
    most, fall = max((abs(v) for _n, v, _t, _s in parts), default=0), w.now - w.before
    before = look.before()
    table = Table(
        _("Where the change comes from"),
        [
            Column(_("Cause"), "lead"),
            Column(_("Up or down"), "money"),
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
        foot=[_("Together"), fall, None, 10000 if fall else None, ""],
    )
    return Page(
        _("Why: %(category)s", category=category or _("Without category")),
        _("The change against the period before is split so that its parts add up to it exactly."),
        [
            Figure(
                _("This period"),
                money(w.now, look),
                moved(w.now, w.before, look),
                papers(look, category=category, figure="net"),
            ),
            Figure(
                _("Period before"),
                money(w.before, look),
                f"{before.first} – {before.last}",
                papers(before, category=category, figure="net"),
            ),
            Figure(
                _("Customers lost"),
                f"{len(w.lost_customers)}",
                money(-w.lost, look),
                papers(look, category=category, only="lost", figure="customers"),
            ),
            Figure(
                _("Customers won"),
                f"{len(w.new_customers)}",
                money(w.new, look),
                papers(look, category=category, only="gained", figure="customers"),
            ),
        ],
        tables=[
            table,
            Table(
                _("Customers lost"),
                [Column(_("Customer"), "lead"), Column(_("Bought before"), "money")],
                [
                    [name, Cell(net, papers(before, category=category, customer=c, figure="net"))]
                    for c, name, net in w.lost_customers
                ],
                _("None."),
            ),
            Table(
                _("Products"),
                [
                    Column(_("Product"), "lead"),
                    Column(_("Period before"), "money"),
                    Column(_("This period"), "money"),
                    Column(_("Up or down"), "moneychange"),
                ],
                [
                    [
                        Cell(name or _("Written freely"), papers(look, product=p)),
                        Cell(b, papers(before, product=p, figure="net")),
                        Cell(n, papers(look, product=p, figure="net")),
                        n - b,
                    ]
                    for p, name, b, n in w.products[:50]
                ],
                _("None."),
            ),
        ],
    )
