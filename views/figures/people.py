"""The questions on customers and salespeople: who buys, how they group, who stays, who stopped, who
pays late, who sells."""

import datetime as dt

from flask import url_for
from flask_babel import gettext as _

from models.insights import cohorts, customers, overview, paying, quotes, rfm, rhythm, salespeople
from models.insights.customers import names_of
from models.insights.lens import months_on
from models.insights.overview import share
from models.people import User
from views.figures.page import Cell, Column, Figure, Page, Table, papers, to
from views.figures.sales import counted, money
from views.lists import query_text


def page_of(customer):
    return url_for("customers.show", id=customer)


def by_customer(look):
    found = customers.rows(look)
    if query_text("new"):
        fresh = overview.new_customers(look)
        found = [r for r in found if r.id in fresh]
    most, was = max((r.net for r in found), default=0), look.before()
    rows = [
        [
            Cell(r.name, page_of(r.id)),
            Cell(r.net, papers(look, customer=r.id, figure="net")),
            (r.net, most),
            Cell(r.papers, papers(look, customer=r.id, figure="papers")),
            Cell(r.days, papers(look, customer=r.id, figure="days")),
            r.last,
            Cell(r.before, papers(was, customer=r.id, figure="net")),
            r.change,
            r.category
            and Cell(
                f"{r.category} ({share(r.category_net, r.net) // 100 if r.net > 0 else 0} %)",
                papers(look, customer=r.id, category=r.category),
            ),
        ]
        for r in found
    ]
    return Page(
        _("New customers") if query_text("new") else _("Customers"),
        counted(look)
        + " "
        + _(
            "Preference: the category with most of the customer's net. New: the first "
            "purchase ever in this currency falls into the period."
        ),
        tables=[
            Table(
                _("Customers"),
                [
                    Column(_("Customer"), "lead"),
                    Column(_("Net sales"), "money"),
                    Column("", "bar"),
                    Column(_("Papers"), "count"),
                    Column(_("Days with a purchase"), "count"),
                    Column(_("Last purchase"), "date"),
                    Column(_("Period before"), "money"),
                    Column(_("Up or down"), "change"),
                    Column(_("Preference"), "text"),
                ],
                rows,
                _("Nothing was sold in this period."),
            )
        ],
    )


def segment_names():
    return {
        "best": _("Best"),
        "loyal": _("Loyal"),
        "new": _("New customers"),
        "promising": _("Promising"),
        "at_risk": _("At risk"),
        "asleep": _("Asleep"),
        "regular": _("Regular"),
    }


def segments(look):
    found, names = rfm.rows(look), segment_names()
    chosen = query_text("segment")
    shown = [r for r in found if r.segment == chosen] if chosen in rfm.SEGMENTS else found
    figures = [
        Figure(
            names[s],
            f"{n}",
            money(net, look),
            papers(look, only="segment", which=s, figure="customers"),
        )
        for s, n, net in rfm.segments(found)
    ]
    rows = [
        [
            Cell(r.name, page_of(r.id)),
            Cell(names[r.segment], to("segments", segment=r.segment)),
            Cell(r.silent, papers(look, customer=r.id, figure="silent")),
            Cell(r.days, papers(look, customer=r.id, figure="days")),
            Cell(r.net, papers(look, customer=r.id, figure="net")),
            f"{r.r} {r.f} {r.m}",
        ]
        for r in shown
    ]
    return Page(
        _("Groups (RFM)"),
        _(
            "Each customer who bought in the period gets 1 to 5 for how lately (R), on "
            "how many days (F) and for how much (M): 5 is the top fifth. Best: all three "
            "from 4; "
            "loyal: F from 4, R from 3; at risk: R up to 2 but F from 3 or M from 4; "
            "asleep: R up to 2; with one purchase: new (R from 4), promising (R 3) or "
            "asleep."
        ),
        figures,
        tables=[
            Table(
                _("Customers"),
                [
                    Column(_("Customer"), "lead"),
                    Column(_("Group"), "text"),
                    Column(_("Days silent"), "count"),
                    Column(_("Days with a purchase"), "count"),
                    Column(_("Net sales"), "money"),
                    Column("R F M", "text"),
                ],
                rows,
                _("Nobody bought in this period."),
            )
        ],
    )


def stayed(look):
    found = cohorts.rows(look)
    widest = max((len(counts) for _n, _c, counts in found), default=0)
    rows = [
        [
            name,
            Cell(size, _cohort(look, name, 0)),
            *(
                Cell(share(counts[i], size), _cohort(look, name, i)) if i < len(counts) else None
                for i in range(widest)
            ),
        ]
        for name, size, counts in found
    ]
    return Page(
        _("Who stays"),
        _(
            "Customers by the quarter of their first purchase; each column says what "
            "share of them bought in that quarter (0) and in those after. The period's "
            "last day is the end; credit notes do not count as purchases."
        ),
        tables=[
            Table(
                _("By first purchase"),
                [Column(_("First purchase"), "lead"), Column(_("Customers"), "count")]
                + [Column(str(i), "heat") for i in range(widest)],
                rows,
                _("Nobody bought in this period."),
            )
        ],
    )


def _cohort(look, name, later):
    """What those who began in that quarter bought so many quarters later."""
    first, _last = cohorts.days_of(name)
    first = months_on(first, 3 * later)
    return papers(
        look.moved(first=first, last=min(months_on(first, 3) - dt.timedelta(days=1), look.last)),
        only="cohort",
        which=name,
        figure="buyers",
    )


def stopped(look):
    found = rhythm.stopped(look)
    span = look.moved(first=months_on(look.last, -rhythm.LOOKED_BACK))
    rows = [
        [
            Cell(s.name, page_of(s.id)),
            s.last,
            *(
                Cell(n, papers(span, customer=s.id, figure=name))
                for n, name in ((s.silent, "silent"), (s.gap, "gap"), (s.days, "bought"))
            ),
            Cell(s.worth, papers(look, only="stopped", customer=s.id, figure="net")),
        ]
        for s in found
    ]
    return Page(
        _("Who stopped"),
        _(
            "Customers with at least two purchases in three years who are silent for "
            "more than twice their usual gap, at least 60 days. The usual gap is the "
            "median one; worth is what they bought in the twelve months before they fell "
            "silent."
        ),
        [
            Figure(
                _("Stopped"),
                f"{len(found)}",
                money(sum(s.worth for s in found), look),
                papers(look, only="stopped", figure="customers"),
            )
        ],
        tables=[
            Table(
                _("Who stopped"),
                [
                    Column(_("Customer"), "lead"),
                    Column(_("Last purchase"), "date"),
                    Column(_("Days silent"), "count"),
                    Column(_("Usual gap in days"), "count"),
                    Column(_("Days with a purchase"), "count"),
                    Column(_("Worth in a year"), "money"),
                ],
                rows,
                _("Nobody stopped: all who have a rhythm keep it."),
            )
        ],
    )


def days_to_pay(look):
    found = paying.rows(look)
    mean, most = paying.mean_days(found), max((r.days for r in found), default=0)
    paid = sum(r.paid for r in found)
    late = sum(r.paid * r.late_share for r in found)
    figures = [
        Figure(
            _("Days to pay"),
            "–" if mean is None else f"{mean}",
            _("weighted by amount"),
            papers(look, only="settled", figure="pay_days"),
        ),
        Figure(
            _("Received and set off"),
            money(paid, look),
            "",
            papers(look, only="settled", figure="paid"),
        ),
        Figure(
            _("Share that came late"),
            "–" if not paid else f"{share(late // 10000, paid) / 100:.1f} %",
            "",
            papers(look, only="settled", figure="late_share"),
        ),
    ]

    def here(r, value, name):
        return Cell(value, papers(look, only="settled", customer=r.id, figure=name))

    rows = [
        [
            Cell(r.name, page_of(r.id)),
            here(r, r.days, "pay_days"),
            (r.days, most),
            here(r, r.terms, "terms"),
            here(r, r.late_days, "late_days"),
            here(r, r.late_share, "late_share"),
            here(r, r.paid, "paid"),
        ]
        for r in found
    ]
    return Page(
        _("Days to pay"),
        _(
            "Money received in the period and set off against invoices: days from the "
            "invoice's issue to the money, weighted by amount. Beyond due counts only "
            "days after the due day."
        ),
        figures,
        tables=[
            Table(
                _("Customers"),
                [
                    Column(_("Customer"), "lead"),
                    Column(_("Days to pay"), "count"),
                    Column("", "bar"),
                    Column(_("Days agreed"), "count"),
                    Column(_("Days beyond due"), "count"),
                    Column(_("Share that came late"), "percent"),
                    Column(_("Amount paid"), "money"),
                ],
                rows,
                _("No money was set off in this period."),
            )
        ],
    )


def from_quotes(look):
    found = quotes.rows(look)
    count, won, net, won_net, days = quotes.rate(found)
    names, people = (
        names_of({r.customer for r in found}),
        dict(User.select(User.id, User.name).tuples()),
    )
    sellers = [
        (o, quotes.rate([r for r in found if r.owner == o]))
        for o in sorted({r.owner for r in found}, key=lambda o: people.get(o, ""))
    ]

    def here(name, **more):
        return papers(look, only="quotes", figure=name, **more)

    figures = [
        Figure(_("Quotes"), f"{count}", money(net, look), here("quotes")),
        Figure(
            _("Became orders"),
            f"{won}",
            money(won_net, look),
            papers(look, only="won", figure="won"),
        ),
        Figure(
            _("Rate by number"),
            "–" if not count else f"{share(won, count) / 100:.1f} %",
            "",
            here("rate"),
        ),
        Figure(
            _("Rate by amount"),
            "–" if not net else f"{(share(won_net, net) or 0) / 100:.1f} %",
            "",
            here("rate_net"),
        ),
        Figure(
            _("Days to the order"),
            "–" if days is None else f"{days}",
            _("on average"),
            papers(look, only="won", figure="order_days"),
        ),
    ]
    rows = [
        [
            Cell(r.number, url_for("documents.show", id=r.id)),
            Cell(names.get(r.customer, ""), page_of(r.customer)),
            people.get(r.owner, ""),
            r.day,
            Cell(r.net, url_for("documents.show", id=r.id)),
            r.ordered,
            Cell(r.days, url_for("documents.show", id=r.id)),
        ]
        for r in found
    ]
    return Page(
        _("Quotes to orders"),
        _(
            "Quotes issued in the period; one became an order when an order made from it "
            "was issued and still stands."
        ),
        figures,
        tables=[
            Table(
                _("By salesperson"),
                [
                    Column(_("Salesperson"), "lead"),
                    Column(_("Quotes"), "count"),
                    Column(_("Became orders"), "count"),
                    Column(_("Rate by number"), "percent"),
                    Column(_("Rate by amount"), "percent"),
                ],
                [
                    [
                        people.get(o, "–"),
                        *(
                            Cell(value, here(name, owner=o or "-"))
                            for value, name in (
                                (n, "quotes"),
                                (w, "won"),
                                (share(w, n), "rate"),
                                ((share(wn, a) or 0) if a else None, "rate_net"),
                            )
                        ),
                    ]
                    for o, (n, w, a, wn, _d) in sellers
                ],
                _("No quotes in this period."),
            ),
            Table(
                _("Quotes"),
                [
                    Column(_("Number"), "lead"),
                    Column(_("Customer"), "text"),
                    Column(_("Salesperson"), "text"),
                    Column(_("Issued on"), "date"),
                    Column(_("Net"), "money"),
                    Column(_("Ordered on"), "date"),
                    Column(_("Days to the order"), "count"),
                ],
                rows,
                _("No quotes in this period."),
            ),
        ],
    )


def sellers(look):
    found = salespeople.rows(look)
    most = max((r.net for r in found), default=0)

    def name(r):
        return Cell(r.name or _("Nobody"), to("customers", owner=r.id or None))

    def here(r, value, figure, only=""):
        return Cell(value, papers(look, owner=r.id or "-", figure=figure, only=only))

    sold = [
        [
            name(r),
            here(r, r.net, "net"),
            (r.net, most),
            r.target,
            r.reached,
            here(r, r.papers, "papers"),
            here(r, r.customers, "customers"),
            here(r, r.new, "customers", "first"),
            here(r, r.collected, "paid", "settled"),
        ]
        for r in found
    ]
    worked = [
        [
            name(r),
            here(r, r.discount, "discount"),
            here(r, r.discount_share, "discount_share"),
            here(r, r.credits, "credits", "credits"),
            here(r, r.voided, "papers", "voided"),
            here(r, r.returned, "rounds", "returned"),
            here(r, r.invoice_hours, "hours", "timed"),
            here(r, r.approval_hours, "hours", "approved"),
        ]
        for r in found
    ]
    return Page(
        _("Salespeople"),
        counted(look)
        + " "
        + _(
            "By the salesperson of the paper. New: customers whose first purchase ever "
            "was theirs. Collected: money set off against their invoices. Discount: what "
            "was taken off the list price. "
            "Corrected: credit notes, voided papers and rounds of approval sent back. "
            "Hours are medians: from the order's issue to the invoice's, and from "
            "submitting to the last yes. Targets of months that begin in the period."
        ),
        tables=[
            Table(
                _("Sales and targets"),
                [
                    Column(_("Salesperson"), "lead"),
                    Column(_("Net sales"), "money"),
                    Column("", "bar"),
                    Column(_("Target"), "reckoned"),
                    Column(_("Reached"), "percent"),
                    Column(_("Papers"), "count"),
                    Column(_("Customers"), "count"),
                    Column(_("New customers"), "count"),
                    Column(_("Collected"), "money"),
                ],
                sold,
                _("Nothing was sold in this period."),
            ),
            Table(
                _("Discount, corrections, time"),
                [
                    Column(_("Salesperson"), "lead"),
                    Column(_("Discount given"), "money"),
                    Column(_("Discount"), "percent"),
                    Column(_("Credit notes"), "count"),
                    Column(_("Voided"), "count"),
                    Column(_("Sent back"), "count"),
                    Column(_("Hours order to invoice"), "tenths"),
                    Column(_("Hours to approval"), "tenths"),
                ],
                worked,
                _("Nothing was sold in this period."),
            ),
        ],
    )
