"""Segments of customers, by when, how often and for how much they bought (RFM)."""

from flask_babel import gettext as _

from models.insights import rfm
from views.figures.amounts import money
from views.figures.page import (
    Cell,
    Column,
    Figure,
    Page,
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
    rows = [
        [
            Cell(r.name, customer_url(r.id)),
            Cell(names[r.segment], question_url("segments", segment=r.segment)),
            Cell(r.silent, documents_url(lens, customer=r.id, figure="silent")),
            Cell(r.days, documents_url(lens, customer=r.id, figure="days")),
            Cell(r.net, documents_url(lens, customer=r.id, figure="net")),
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
                    Column(_("Days since last purchase"), "count"),
                    Column(_("Days with a purchase"), "count"),
                    Column(_("Net sales"), "money"),
                    Column("R F M", "text"),
                ],
                rows,
                _("Nobody bought in this period."),
            )
        ],
    )
