"""Segments of customers, by when, how often and for how much they bought (RFM)."""

from flask_babel import gettext as _

from models.insights import rfm
from models.insights.customers import names_of
from views.figures.amounts import money
from views.figures.page import (
    Cell,
    Column,
    Figure,
    Page,
    Rows,
    Table,
    customer_url,
    documents_url,
    question_url,
)
from views.web.fields import query_text


def segment_names():
    return {
        "best": _("Best"),
        "loyal": _("Loyal"),
        "new": _("New customers"),
        "promising": _("Promising"),
        "at_risk": _("At risk"),
        "asleep": _("Dormant"),
        "regular": _("Regular"),
    }


def page(lens):
    buyers, names = rfm.rows(lens), segment_names()
    chosen = query_text("segment")
    shown = [r for r in buyers if r.segment == chosen] if chosen in rfm.SEGMENTS else buyers
    figures = [
        Figure(
            names[s],
            f"{n}",
            money(net, lens),
            documents_url(lens, only="segment", which=s, figure="customers"),
        )
        for s, n, net in rfm.segments(buyers)
    ]

    def rows(some):
        name_of = names_of(r.id for r in some)
        return [
            [
                Cell(name_of.get(r.id, "?"), customer_url(r.id)),
                Cell(names[r.segment], question_url("segments", segment=r.segment)),
                Cell(r.silent, documents_url(lens, customer=r.id, figure="silent")),
                Cell(r.days, documents_url(lens, customer=r.id, figure="days")),
                Cell(r.net, documents_url(lens, customer=r.id, figure="net")),
                f"{r.r} {r.f} {r.m}",
            ]
            for r in some
        ]

    return Page(
        _("Groups (RFM)"),
        _(
            "Each customer who bought in the period gets a score of 1 to 5 for recency (R), "
            "frequency (F) and amount (M); 5 is the top fifth. Best: all three at least 4. "
            "Loyal: F at least 4, R at least 3. At risk: R at most 2, but F at least 3 or M at "
            "least 4. Dormant: R at most 2. With one purchase: new (R at least 4), promising (R "
            "3) or dormant."
        ),
        figures,
        tables=[
            Table(
                _("Customers"),
                [
                    Column(_("Customer"), "lead"),
                    Column(_("Group"), "text"),
                    Column(_("Days since last purchase"), "count"),
                    Column(_("Days with a purchase"), "count"),
                    Column(_("Net sales"), "money"),
                    Column("R F M", "text"),
                ],
                Rows(shown, rows),
                _("No purchases in this period."),
            )
        ],
    )
