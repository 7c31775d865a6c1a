"""Tax on what was invoiced, for the tax return."""

from flask_babel import gettext as _

from models.insights import tax
from views.figures.amounts import money
from views.figures.months import month_within
from views.figures.page import Cell, Column, Figure, Page, Table, documents_url


def page(lens):
    lens = lens.replace(basis="invoice")
    rates, months = tax.by_rate(lens), tax.by_month(lens)
    net, due = sum(row.net for row in rates), sum(row.tax for row in rates)
    empty = _("Nothing was invoiced in this period.")
    sums = [_("Net sales"), _("Tax"), _("Total (incl. tax)")]
    return Page(
        _("Tax"),
        _(
            "Invoices issued in the period, less credit notes; voided ones do not count. The tax "
            "is that of each line, so the sums equal those of the documents."
        ),
        [
            Figure(_("Net sales"), money(net, lens), "", documents_url(lens, figure="net")),
            Figure(_("Tax"), money(due, lens)),
            Figure(_("Total (incl. tax)"), money(net + due, lens)),
        ],
        tables=[
            Table(
                _("By tax rate"),
                [Column(_("Tax rate"), "lead"), *_columns(sums)],
                [[rate_name(*row.key), row.papers, *_amounts(row)] for row in rates],
                empty,
            ),
            Table(
                _("By month"),
                [Column(_("Month"), "lead"), *_columns(sums)],
                [_month(month_within(lens, row.key), row) for row in months],
                empty,
            ),
        ],
    )


def rate_name(kind, rate):
    names = {"exempt": _("Exempt"), "out_of_scope": _("Outside the scope of tax")}
    return names.get(kind) or f"{rate / 100:g}%"


def _columns(sums):
    return [Column(_("Documents"), "count"), *(Column(name, "money") for name in sums)]


def _amounts(row):
    return row.net, row.tax, row.net + row.tax


def _month(lens, row):
    net, due, total = _amounts(row)
    papers = Cell(row.papers, documents_url(lens))
    return [row.key, papers, Cell(net, documents_url(lens, figure="net")), due, total]
