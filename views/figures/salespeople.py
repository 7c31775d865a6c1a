"""Who sells."""

from flask_babel import gettext as _

from models.insights import salespeople
from views.figures.amounts import counted
from views.figures.page import Cell, Column, Page, Table, papers, to


def page(look):
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
