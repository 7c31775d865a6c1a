"""The questions on sales: overview, products, categories, a category taken apart, what hangs on how
few, seasons."""

import datetime as dt

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from models.core.money import format_money
from models.insights import customers, forecast, overview, pareto, products, weak
from models.insights.overview import change, share
from views.figures import charts
from views.figures.page import Cell, Column, Figure, Page, Table, papers, to
from views.lists import query_text


def counted(look):
    return (
        _(
            "Invoices issued in the period, less credit notes, without tax; voided ones "
            "do not count."
        )
        if look.basis == "invoice"
        else _("Orders issued in the period, without tax; voided ones do not count.")
    )


def money(value, look):
    """An amount for a figure or a note, its currency small."""
    return Markup('{} <small class="currency">{}</small>').format(
        format_money(value, look.currency), look.currency
    )


def said(value, look):
    return f"{format_money(value, look.currency)} {look.currency}"


def moved(now, before, look=None):
    """ "+12.3 % · before 1,000.00" under a figure."""
    by = change(now, before)
    was = format_money(before, look.currency) if look else f"{before:,}"
    return _("before %(was)s", was=was) + (f" · {by / 100:+.1f}\u00a0%" if by is not None else "")


def main(look):
    before, year, all_of_it = look.before(), look.year_before(), look.first.year < 1991
    told = (lambda *_numbers: "") if all_of_it else moved  # nothing lies before everything
    firsts = overview.first_days(look)
    now, was, last = (overview.totals(x, firsts) for x in (look, before, year))
    line = overview.months(look)
    names = [m for m, _net in line]
    old = (
        [net for _m, net in overview.months(look.year_before())][: len(line)]
        if look.first.year > 1991
        else []
    )
    old = old if any(old) else []
    figures = [
        Figure(
            _("Net sales"),
            money(now.net, look),
            told(now.net, was.net, look),
            papers(look, figure="net"),
        ),
        Figure(
            _("Papers"),
            f"{now.papers:,}",
            told(now.papers, was.papers),
            papers(look, figure="papers"),
        ),
        Figure(
            _("Customers who bought"),
            f"{now.customers:,}",
            told(now.customers, was.customers),
            papers(look, figure="customers"),
        ),
        Figure(
            _("New customers"),
            f"{now.new:,}",
            told(now.new, was.new),
            papers(look, only="new", figure="customers"),
        ),
        Figure(
            _("Per paper"),
            money(now.average, look),
            told(now.average, was.average, look),
            papers(look, figure="average"),
        ),
        Figure(
            _("Discount given"),
            money(now.discount, look),
            _(
                "%(p)s %% of the list price",
                p=_percent(share(now.discount, now.net + now.discount)),
            ),
            papers(look, figure="discount"),
        ),
    ]
    if look.person.may("see_figures") and now.costed:
        figures.append(
            Figure(
                _("Margin"),
                f"{_percent(share(now.costed - now.cost, now.costed))} %",
                _(
                    "%(m)s on the %(p)s %% of sales whose cost is known",
                    m=format_money(now.costed - now.cost, look.currency),
                    p=_percent(share(now.costed, now.net)),
                ),
                papers(look, figure="margin"),
            )
        )
    rows = [
        [
            m,
            Cell(net, papers(month_within(look, m), figure="net")),
            Cell(old[i], papers(month_within(look.year_before(), _year_ago(m)), figure="net"))
            if i < len(old)
            else None,
            change(net, old[i]) if i < len(old) else None,
        ]
        for i, (m, net) in enumerate(line)
    ]
    spans = ((now, look), (was, before), (last, year))[: 1 if all_of_it else 3]
    heads = [
        Column(_("Figure"), "lead"),
        Column(_("This period"), "said"),
        Column(_("Period before"), "said"),
        Column(_("A year before"), "said"),
    ]
    compare = Table(
        _("Compared"),
        heads[: len(spans) + 1],
        [
            [_("Net sales"), *(Cell(said(t.net, look), papers(x, figure="net")) for t, x in spans)],
            [_("Papers"), *(Cell(f"{t.papers:,}", papers(x, figure="papers")) for t, x in spans)],
            [
                _("Credit notes"),
                *(
                    Cell(f"{t.credits:,}", papers(x, only="credits", figure="credits"))
                    for t, x in spans
                ),
            ],
            [
                _("Customers who bought"),
                *(Cell(f"{t.customers:,}", papers(x, figure="customers")) for t, x in spans),
            ],
            [
                _("New customers"),
                *(Cell(f"{t.new:,}", papers(x, only="new", figure="customers")) for t, x in spans),
            ],
            [
                _("Discount given"),
                *(Cell(said(t.discount, look), papers(x, figure="discount")) for t, x in spans),
            ],
        ],
    )
    return Page(
        _("Overview"),
        counted(look)
        + " "
        + _("Before: as many months, else days, just before; a year before: the same days."),
        figures,
        [
            charts.months(
                _("Sales by month"),
                names,
                [n for _m, n in line],
                old,
                look.currency,
                (_("Net sales"), _("A year before")),
            )
        ],
        [
            Table(
                _("Sales by month"),
                [
                    Column(_("Month"), "text"),
                    Column(_("Net sales"), "money"),
                    Column(_("A year before"), "money"),
                    Column(_("Up or down"), "change"),
                ],
                rows,
                behind=True,
            ),
            compare,
        ],
    )


def _first(month):
    return dt.date(int(month[:4]), int(month[5:]), 1)


def _last(month):
    first = _first(month)
    return (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)


def month_within(look, month):
    return look.moved(first=max(_first(month), look.first), last=min(_last(month), look.last))


def _year_ago(month):
    return f"{int(month[:4]) - 1}{month[4:]}"


def _percent(bps):
    return "–" if bps is None else f"{bps / 100:.1f}"


def by_product(look):
    found, seen = products.rows(look.moved(category=_category())), look.person.may("see_figures")
    most = max((r.net for r in found), default=0)
    cols = [
        Column(_("Product"), "lead"),
        Column(_("Category"), "text"),
        Column(_("Net sales"), "money"),
        Column("", "bar"),
        Column(_("Quantity"), "quantity"),
        Column(_("Customers"), "count"),
        Column(_("Period before"), "money"),
        Column(_("Up or down"), "change"),
        Column(_("Trend"), "spark"),
    ]
    was = look.before()
    rows = [
        [
            Cell(r.name or _("Written freely"), papers(look, product=r.id)),
            r.category,
            Cell(r.net, papers(look, product=r.id, figure="net")),
            (r.net, most),
            Cell(r.quantity, papers(look, product=r.id, figure="quantity")),
            Cell(r.customers, papers(look, product=r.id, figure="customers")),
            Cell(r.before, papers(was, product=r.id, figure="net")),
            r.change,
            r.course,
        ]
        + (
            [Cell(share(r.costed - r.cost, r.costed), papers(look, product=r.id, figure="margin"))]
            if seen
            else []
        )
        for r in found
    ]
    return Page(
        _("Products"),
        counted(look)
        + " "
        + _(
            "By product of each line, after all discounts. Margin: on lines whose cost "
            "was known when issued."
        ),
        tables=[
            Table(
                _("Products"),
                cols + [Column(_("Margin"), "percent")] * seen,
                rows,
                _("Nothing was sold in this period."),
            )
        ],
    )


def _category():
    asked_for = query_text("category")
    return None if not asked_for else "" if asked_for == "-" else asked_for


def by_category(look):
    found, seen = products.categories(look), look.person.may("see_figures")
    most = max((r.net for r in found), default=0)
    cols = [
        Column(_("Category"), "lead"),
        Column(_("Net sales"), "money"),
        Column("", "bar"),
        Column(_("Customers"), "count"),
        Column(_("Period before"), "money"),
        Column(_("Up or down"), "change"),
        Column(_("Trend"), "spark"),
    ]
    was = look.before()
    rows = [
        [
            Cell(r.name or _("Without category"), to("weak", category=r.name or "-")),
            Cell(r.net, papers(look, category=r.name, figure="net")),
            (r.net, most),
            Cell(r.customers, papers(look, category=r.name, figure="customers")),
            Cell(r.before, papers(was, category=r.name, figure="net")),
            r.change,
            r.course,
        ]
        + (
            [
                Cell(
                    share(r.costed - r.cost, r.costed),
                    papers(look, category=r.name, figure="margin"),
                )
            ]
            if seen
            else []
        )
        for r in found
    ]
    return Page(
        _("Categories"),
        counted(look)
        + " "
        + _(
            "By the category that the product has now. Open a category to see why it rose or fell."
        ),
        tables=[
            Table(
                _("Categories"),
                cols + [Column(_("Margin"), "percent")] * seen,
                rows,
                _("Nothing was sold in this period."),
            )
        ],
    )


def why(look):
    """One category's change, taken apart; the one that fell most when none is named."""
    category = _category()
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


def few(look):
    """Pareto of customers, or of products."""
    by = "products" if query_text("of") == "products" else "customers"
    found = [
        (r.id, r.name or _("Written freely"), r.net)
        for r in (products.rows(look) if by == "products" else customers.rows(look, liking=False))
    ]
    made = pareto.rows(found)
    whole = sum(r.net for r in made)
    figures = [
        Figure(
            _("Class %(letter)s", letter=x),
            f"{n:,}",
            f"{said(net, look)} · {_percent(share(net, whole))} %",
            papers(
                look,
                only="letter",
                which=x,
                of=by,
                figure="classed" if by == "products" else "customers",
            ),
        )
        for x, n, net in pareto.letters(made)
    ]
    rows = [
        [
            r.letter,
            Cell(r.name, papers(look, **{"product" if by == "products" else "customer": r.id})),
            Cell(
                r.net,
                papers(look, figure="net", **{"product" if by == "products" else "customer": r.id}),
            ),
            (r.net, made[0].net),
            r.share,
            r.upto,
        ]
        for r in made
    ]
    return Page(
        _("Few and many"),
        _(
            "The largest first. A: until 80 in 100 of all sales are reached, B: until "
            "95, C: the rest; who is below zero is left out."
        ),
        figures,
        [charts.rising(_("Share of sales summed up"), [r.upto for r in made])]
        if len(made) > 1
        else [],
        [
            Table(
                _("Products") if by == "products" else _("Customers"),
                [
                    Column(_("ABC class"), "text"),
                    Column(_("Name"), "lead"),
                    Column(_("Net sales"), "money"),
                    Column("", "bar"),
                    Column(_("Share"), "percent"),
                    Column(_("Summed up"), "percent"),
                ],
                rows,
                _("Nothing was sold in this period."),
            )
        ],
    )


def _so_far(look, month):
    """What the month under way has brought, as it is not over."""
    if month != f"{look.last:%Y-%m}":
        return ""
    return _(
        "so far %(net)s",
        net=format_money(overview.months(look.moved(first=_first(month)))[0][1], look.currency),
    )


def season(look):
    f = forecast.forecast(look)
    line, seasons = f.history[-24:], forecast.seasons(look)
    names = [m for m, _n in line] + [m for m, _n in f.ahead]
    values = [n for _m, n in line] + [n for _m, n in f.ahead]
    rules = {
        "season": _(
            "The same month of last year, times how the last twelve months compare with "
            "the twelve before."
        ),
        "mean": _("The mean of the last three months, as there are not yet two years to compare."),
        "none": _("There is nothing yet to go by."),
    }
    said = {m: v for m, _c, v in f.tested}
    rows = [
        [
            m,
            Cell(n, papers(look.moved(first=_first(m), last=_last(m)), figure="net")),
            said.get(m),
            None if m not in said else said[m] - n,
        ]
        for m, n in line
    ]
    rows += [[m, None, n, None] for m, n in f.ahead]
    base = (
        papers(
            look.moved(
                first=_first(f.history[-24 if f.rule == "season" else -3 :][0][0]),
                last=_last(f.history[-1][0]),
            ),
            figure="net",
        )
        if f.history
        else ""
    )
    whole = (
        papers(
            look.moved(first=_first(f.history[0][0]), last=_last(f.history[-1][0])), figure="net"
        )
        if f.history
        else ""
    )
    page = Page(
        _("Seasons and forecast"),
        rules[f.rule]
        + " "
        + _(
            "Only whole months count. The error is what the same rule would have missed "
            "in the last months, one month ahead."
        ),
        [
            Figure(_("Expected %(month)s", month=m), money(n, look), _so_far(look, m), base)
            for m, n in f.ahead
        ],
    )
    if f.error is not None:
        page.figures.append(
            Figure(
                _("Past error"),
                f"{_percent(f.error)} %",
                ngettext("mean miss over 1 month", "mean miss over %(num)s months", len(f.tested)),
                whole,
            )
        )
    if line:
        page.charts.append(
            charts.months(
                _("Months and what is expected"),
                names,
                values,
                [said.get(m) for m in names],
                look.currency,
                (_("Sales, then expected"), _("What the rule had said")),
                hollow=range(len(line), len(names)),
            )
        )
        page.tables.append(
            Table(
                _("Months"),
                [
                    Column(_("Month"), "text"),
                    Column(_("Net sales"), "money"),
                    Column(_("Forecast"), "reckoned"),
                    Column(_("Missed by"), "reckoned"),
                ],
                rows,
                behind=True,
            )
        )
    if seasons:
        page.charts.append(
            charts.columns(
                _("An average year, each month against the mean"),
                [str(m) for m, _v in seasons],
                [v for _m, v in seasons],
                percent=True,
            )
        )
        page.tables.append(
            Table(
                _("Seasons"),
                [Column(_("Month"), "text"), Column(_("of an average month"), "percent")],
                [[str(m), v] for m, v in seasons],
                behind=True,
            )
        )
    if not line:
        page.tables.append(Table(_("Months"), [], [], _("There is nothing yet to go by.")))
    return page
