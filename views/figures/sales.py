"""The questions on sales: overview, products, categories, a category taken apart, what hangs on how few, seasons."""
from flask_babel import gettext as _

from markupsafe import Markup

from models.insights import customers, forecast, overview, pareto, products, weak
from models.insights.overview import change, share
from models.money import format_money
from views.figures import charts
from views.figures.page import Cell, Column, Figure, Page, Table, papers, to
from views.lists import typed


def counted(look):
    return (_("Invoices issued in the period, less credit notes, without tax; voided ones do not count.") if look.basis == "invoice" else
            _("Orders issued in the period, without tax; voided ones do not count."))


def money(value, look):
    """An amount for a figure or a note, its currency small."""
    return Markup('{} <small class="currency">{}</small>').format(format_money(value, look.currency), look.currency)


def said(value, look):
    return f"{format_money(value, look.currency)} {look.currency}"


def moved(now, before, look=None):
    """"+12.3 % · before 1,000.00" under a figure."""
    by = change(now, before)
    was = format_money(before, look.currency) if look else f"{before:,}"
    return _("before %(was)s", was=was) + (f" · {by / 100:+.1f} %" if by is not None else "")


def main(look):
    before, year = look.before(), look.year_before()
    firsts = overview.first_days(look)
    now, was, last = (overview.totals(x, firsts) for x in (look, before, year))
    line = overview.months(look)
    names = [m for m, _net in line]
    old = [net for _m, net in overview.months(look.year_before())][:len(line)] if look.first.year > 1991 else []
    old = old if any(old) else []
    figures = [
        Figure(_("Net sales"), money(now.net, look), moved(now.net, was.net, look), papers(look)),
        Figure(_("Papers"), f"{now.papers:,}", moved(now.papers, was.papers), papers(look)),
        Figure(_("Customers who bought"), f"{now.customers:,}", moved(now.customers, was.customers), to("customers", look)),
        Figure(_("New customers"), f"{now.new:,}", moved(now.new, was.new), to("customers", look, new="1")),
        Figure(_("Per paper"), money(now.average, look), moved(now.average, was.average, look), papers(look)),
        Figure(_("Discount given"), money(now.discount, look), _("%(p)s %% of the list price", p=_percent(share(now.discount, now.net + now.discount))),
               to("salespeople", look))]
    if look.person.may("see_figures") and now.costed:
        figures.append(Figure(_("Margin"), f"{_percent(share(now.costed - now.cost, now.costed))} %", _(
            "%(m)s on the %(p)s %% of sales whose cost is known", m=format_money(now.costed - now.cost, look.currency),
            p=_percent(share(now.costed, now.net))), to("products", look)))
    rows = [[Cell(m, papers(look.moved(first=max(_first(m), look.first), last=min(_last(m), look.last)))), net, old[i] if i < len(old) else None,
             change(net, old[i]) if i < len(old) else None] for i, (m, net) in enumerate(line)]
    compare = Table(_("Compared"), [Column(_("Figure"), "text"), Column(_("This period"), "text"), Column(_("Period before"), "text"), Column(_("A year before"), "text")], [
        [_("Net sales"), *(Cell(said(t.net, look), papers(x)) for t, x in ((now, look), (was, before), (last, year)))],
        [_("Papers"), *(Cell(f"{t.papers:,}", papers(x)) for t, x in ((now, look), (was, before), (last, year)))],
        [_("Credit notes"), *(f"{t.credits:,}" for t in (now, was, last))],
        [_("Customers who bought"), *(Cell(f"{t.customers:,}", to("customers", x)) for t, x in ((now, look), (was, before), (last, year)))],
        [_("New customers"), *(Cell(f"{t.new:,}", to("customers", x, new="1")) for t, x in ((now, look), (was, before), (last, year)))],
        [_("Discount given"), *(said(t.discount, look) for t in (now, was, last))]])
    return Page(_("Overview"), counted(look) + " " + _("Before: as many months, else days, just before; a year before: the same days."), figures,
                [charts.months(_("Sales by month"), names, [n for _m, n in line], old, look.currency, (_("Net sales"), _("A year before")))],
                [Table(_("Sales by month"), [Column(_("Month"), "text"), Column(_("Net sales"), "money"), Column(_("A year before"), "money"),
                                             Column(_("Up or down"), "change")], rows, behind=True), compare])


def _first(month):
    import datetime as dt
    return dt.date(int(month[:4]), int(month[5:]), 1)


def _last(month):
    import datetime as dt
    first = _first(month)
    return (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)


def _percent(bps):
    return "–" if bps is None else f"{bps / 100:.1f}"


def by_product(look):
    found, seen = products.rows(look.moved(category=_category())), look.person.may("see_figures")
    most = max((r.net for r in found), default=0)
    cols = [Column(_("Product"), "lead"), Column(_("Category"), "text"), Column(_("Net sales"), "money"), Column("", "bar"), Column(_("Quantity"), "quantity"),
            Column(_("Customers"), "count"), Column(_("Period before"), "money"), Column(_("Up or down"), "change"), Column(_("Trend"), "spark")]
    rows = [[Cell(r.name or _("Written freely"), papers(look, product=r.id)), r.category, r.net, (r.net, most), r.quantity, r.customers, r.before,
             r.change, r.course] + ([share(r.costed - r.cost, r.costed)] if seen else []) for r in found]
    return Page(_("Products"), counted(look) + " " + _("By product of each line, after all discounts. Margin: on lines whose cost was known when issued."),
                tables=[Table(_("Products"), cols + [Column(_("Margin"), "percent")] * seen, rows, _("Nothing was sold in this period."))])


def _category():
    asked_for = typed("category")
    return None if not asked_for else "" if asked_for == "-" else asked_for


def by_category(look):
    found, seen = products.categories(look), look.person.may("see_figures")
    most = max((r.net for r in found), default=0)
    cols = [Column(_("Category"), "lead"), Column(_("Net sales"), "money"), Column("", "bar"), Column(_("Customers"), "count"), Column(_("Period before"), "money"),
            Column(_("Up or down"), "change"), Column(_("Trend"), "spark")]
    rows = [[Cell(r.name or _("Without category"), to("weak", category=r.name or "-")), r.net, (r.net, most), r.customers, r.before, r.change, r.course] +
            ([share(r.costed - r.cost, r.costed)] if seen else []) for r in found]
    return Page(_("Categories"), counted(look) + " " + _("By the category that the product has now. Open a category to see why it rose or fell."),
                tables=[Table(_("Categories"), cols + [Column(_("Margin"), "percent")] * seen, rows, _("Nothing was sold in this period."))])


def why(look):
    """One category's change, taken apart; the one that fell most when none is named."""
    category = _category()
    if category is None:
        fell = sorted(products.categories(look, courses=False), key=lambda c: c.net - c.before)
        category = fell[0].name if fell else ""
    w = weak.explain(look, category)
    parts = [(_("Price"), w.price, _("the price now against before, on the quantity now")), (_("Quantity"), w.quantity, _("more or less of the same products by the same customers")),
             (_("Other products"), w.range, _("products bought in only one of the two periods by customers of both")),
             (_("Customers won"), w.new, _("those who bought nothing before")), (_("Customers lost"), w.lost, _("those who bought before and now nothing"))]
    most, fall = max((abs(v) for _n, v, _t in parts), default=0), w.now - w.before
    before = look.before()
    table = Table(_("Where the change comes from"), [Column(_("Cause"), "lead"), Column(_("Up or down"), "money"), Column("", "bar"), Column(_("Share of the change"), "percent"),
                                                     Column(_("Meaning"), "text")],
                  [[name, value, (value, most), share(value, fall) if fall > 0 else share(-value, -fall) if fall else None, text] for name, value, text in parts],
                  foot=[_("Together"), fall, None, 10000 if fall else None, ""])
    return Page(_("Why: %(category)s", category=category or _("Without category")),
                _("The change against the period before is split so that its parts add up to it exactly."),
                [Figure(_("This period"), money(w.now, look), moved(w.now, w.before, look), papers(look, category=category)),
                 Figure(_("Period before"), money(w.before, look), f"{before.first} – {before.last}", papers(before, category=category)),
                 Figure(_("Customers lost"), f"{len(w.lost_customers)}", money(-w.lost, look)), Figure(_("Customers won"), f"{len(w.new_customers)}", money(w.new, look))],
                tables=[table,
                        Table(_("Customers lost"), [Column(_("Customer"), "lead"), Column(_("Bought before"), "money")],
                              [[Cell(name, papers(before, category=category, customer=c)), net] for c, name, net in w.lost_customers], _("None.")),
                        Table(_("Products"), [Column(_("Product"), "lead"), Column(_("Period before"), "money"), Column(_("This period"), "money"), Column(_("Up or down"), "money")],
                              [[Cell(name or _("Written freely"), papers(look, product=p)), b, n, n - b] for p, name, b, n in w.products[:50]], _("None."))])


def few(look):
    """Pareto of customers, or of products."""
    by = "products" if typed("of") == "products" else "customers"
    found = [(r.id, r.name or _("Written freely"), r.net) for r in (products.rows(look) if by == "products" else customers.rows(look, liking=False))]
    made = pareto.rows(found)
    whole = sum(r.net for r in made)
    figures = [Figure(_("Class %(letter)s", letter=x), f"{n}", f"{said(net, look)} · {_percent(share(net, whole))} %") for x, n, net in pareto.letters(made)]
    rows = [[r.letter, Cell(r.name, papers(look, **{"product" if by == "products" else "customer": r.id})), r.net, (r.net, made[0].net), r.share, r.upto] for r in made]
    return Page(_("Few and many"), _("The largest first. A: until 80 in 100 of all sales are reached, B: until 95, C: the rest; who is below zero is left out."),
                figures, [charts.rising(_("Share of sales summed up"), [r.upto for r in made])] if len(made) > 1 else [],
                [Table(_("Products") if by == "products" else _("Customers"), [Column(_("Class"), "text"), Column(_("Name"), "lead"), Column(_("Net sales"), "money"), Column("", "bar"),
                                                                              Column(_("Share"), "percent"), Column(_("Summed up"), "percent")],
                       rows, _("Nothing was sold in this period."))])


def season(look):
    f = forecast.forecast(look)
    line, seasons = f.history[-24:], forecast.seasons(look)
    names = [m for m, _n in line] + [m for m, _n in f.ahead]
    values = [n for _m, n in line] + [n for _m, n in f.ahead]
    rules = {"season": _("The same month of last year, times how the last twelve months compare with the twelve before."),
             "mean": _("The mean of the last three months, as there are not yet two years to compare."), "none": _("There is nothing yet to go by.")}
    said = {m: v for m, _c, v in f.tested}
    rows = [[Cell(m, papers(look.moved(first=_first(m), last=_last(m)))), n, said.get(m), None if m not in said else said[m] - n] for m, n in line]
    rows += [[m, None, n, None] for m, n in f.ahead]
    page = Page(_("Seasons and forecast"), rules[f.rule] + " " + _("Only whole months count. The error is what the same rule would have missed in the last months, one month ahead."), [
        Figure(_("Expected %(month)s", month=m), money(n, look)) for m, n in f.ahead])
    if f.error is not None:
        page.figures.append(Figure(_("Past error"), f"{_percent(f.error)} %", _("mean miss over %(n)s months", n=len(f.tested))))
    if line:
        page.charts.append(charts.months(_("Months and what is expected"), names, values, [said.get(m) for m in names], look.currency,
                                         (_("Sales, then expected"), _("What the rule had said")), hollow=range(len(line), len(names))))
        page.tables.append(Table(_("Months"), [Column(_("Month"), "text"), Column(_("Net sales"), "money"), Column(_("Forecast"), "money"), Column(_("Missed by"), "money")],
                                 rows, behind=True))
    if seasons:
        page.charts.append(charts.columns(_("An average year, each month against the mean"), [str(m) for m, _v in seasons], [v for _m, v in seasons], percent=True))
        page.tables.append(Table(_("Seasons"), [Column(_("Month"), "text"), Column(_("of an average month"), "percent")], [[str(m), v] for m, v in seasons], behind=True))
    if not line:
        page.tables.append(Table(_("Months"), [], [], _("There is nothing yet to go by.")))
    return page


