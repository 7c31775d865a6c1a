"""How many days customers take to pay."""

from flask_babel import gettext as _

from models.insights import paying
from models.insights.overview import share
from views.figures.amounts import money
from views.figures.page import Cell, Column, Figure, Page, Table, customer_url, papers


def page(look):
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
            Cell(r.name, customer_url(r.id)),
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
