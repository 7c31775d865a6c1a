"""How many days customers take to pay."""

from flask_babel import gettext as _

from models.insights import paying
from models.insights.customers import names_of
from models.insights.overview import share
from views.figures.amounts import money
from views.figures.page import Cell, Column, Figure, Page, Rows, Table, customer_url, documents_url


def page(lens):
    payers = paying.rows(lens)
    mean, most = paying.mean_days(payers), payers[0].days if payers else 0
    paid = sum(r.paid for r in payers)
    late = sum(r.paid * r.late_share for r in payers)
    figures = [
        Figure(
            _("Days to pay"),
            "–" if mean is None else f"{mean}",
            _("weighted by amount"),
            documents_url(lens, only="settled", figure="pay_days"),
        ),
        Figure(
            _("Received and allocated"),
            money(paid, lens),
            "",
            documents_url(lens, only="settled", figure="paid"),
        ),
        Figure(
            _("Share that came late"),
            "–" if not paid else f"{share(late // 10000, paid) / 100:.1f}%",
            "",
            documents_url(lens, only="settled", figure="late_share"),
        ),
    ]

    def cell(r, value, name):
        return Cell(value, documents_url(lens, only="settled", customer=r.id, figure=name))

    def rows(some):
        names = names_of(r.id for r in some)
        return [
            [
                Cell(names.get(r.id, "?"), customer_url(r.id)),
                cell(r, r.days, "pay_days"),
                (r.days, most),
                cell(r, r.terms, "terms"),
                cell(r, r.late_days, "late_days"),
                cell(r, r.late_share, "late_share"),
                cell(r, r.paid, "paid"),
            ]
            for r in some
        ]

    return Page(
        _("Days to pay"),
        _(
            "Payments received in the period and allocated to invoices: days from issue to "
            "payment, weighted by amount. Days overdue count only from the due date."
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
                Rows(payers, rows),
                _("No payments were allocated in this period."),
            )
        ],
    )
