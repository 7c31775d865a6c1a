"""Who sells."""

from flask_babel import gettext as _
from flask_babel import pgettext

from models.insights import salespeople
from views.figures import answers
from views.figures.amounts import what_counts
from views.figures.page import Cell, Column, Page, Table, documents_url, question_url


def page(lens):
    sellers = salespeople.rows(lens)
    most = max((r.net for r in sellers), default=0)

    def name(r):
        return Cell(r.name or _("Nobody"), question_url("customers", owner=r.id or None))

    def cell(r, value, figure, only=""):
        return Cell(value, documents_url(lens, owner=r.id or "-", figure=figure, only=only))

    sold = [
        [
            name(r),
            cell(r, r.net, "net"),
            (r.net, most),
            r.target,
            r.reached,
            cell(r, r.papers, "papers"),
            cell(r, r.customers, "customers"),
            cell(r, r.new, "customers", "first"),
            cell(r, r.collected, "paid", "settled"),
        ]
        for r in sellers
    ]
    worked = [
        [
            name(r),
            cell(r, r.discount, "discount"),
            cell(r, r.discount_share, "discount_share"),
            cell(r, r.credits, "credits", "credits"),
            cell(r, r.voided, "papers", "voided"),
            cell(r, r.returned, "rounds", "returned"),
            cell(r, r.invoice_hours, "hours", "timed"),
            cell(r, r.approval_hours, "hours", "approved"),
        ]
        for r in sellers
    ]
    answer, bars = answers.leading(
        [(r.id or 0, r.net) for r in sellers],
        lambda _ids: {r.id or 0: r.name or _("Nobody") for r in sellers},
        lens,
        lambda owner: question_url("customers", owner=owner or None),
        _("Only %(name)s sold: %(sum)s."),
        _("%(n)s people sold."),
    )
    return Page(
        _("Salespeople"),
        what_counts(lens)
        + " "
        + _(
            "By the salesperson of the document. New: customers whose first purchase was theirs."
            " Collected: payments allocated to their invoices. Discount: reduction from the list"
            " price. Corrected: credit notes, voided documents and returned approvals. Hours are"
            " medians: from order issued to invoice issued, and from submission to final "
            "approval. Targets: months that start in the period."
        ),
        tables=[
            Table(
                _("Sales and targets"),
                [
                    Column(_("Salesperson"), "lead"),
                    Column(_("Net sales"), "money"),
                    Column("", "bar"),
                    Column(_("Target"), "reckoned"),
                    Column(_("Achieved"), "percent"),
                    Column(pgettext("number", "Documents"), "count"),
                    Column(_("Customers"), "count"),
                    Column(_("New customers"), "count"),
                    Column(_("Collected"), "money"),
                ],
                sold,
                _("No sales in this period."),
            ),
            Table(
                _("Discount, corrections, time"),
                [
                    Column(_("Salesperson"), "lead"),
                    Column(_("Discounts"), "money"),
                    Column(_("Discount"), "percent"),
                    Column(_("Credit notes"), "count"),
                    Column(_("Voided"), "count"),
                    Column(_("Returned"), "count"),
                    Column(_("Hours order to invoice"), "tenths"),
                    Column(_("Hours to approval"), "tenths"),
                ],
                worked,
                _("No sales in this period."),
            ),
        ],
        answer=answer,
        bars=bars,
    )
