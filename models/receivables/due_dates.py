"""The due dates of open invoices, as a calendar feed for staff and customers."""

from flask_babel import gettext as _

from models.adapters import calendar_feed
from models.core.money import format_money
from models.documents import Document
from models.receivables.balance import by_money, left_of

MOST = 500


def calendar_of(query, address):
    """The open invoices of `query` as all-day events; each links to `address` + id."""
    rows = query.where(Document.kind == "invoice")
    found = [
        i
        for state in ("overdue", "open", "partly_paid")
        for i in by_money(rows, state).order_by(Document.due_on.desc()).limit(MOST)
    ]
    left = left_of([i.id for i in found])
    days = [_day(i, left[i.id], address) for i in found if i.due_on]
    return calendar_feed.of_days(days, "Due dates")


def _day(invoice, left, address):
    amount = f"{format_money(left, invoice.currency)} {invoice.currency}"
    host = address.split("//")[-1].split("/")[0].split(":")[0]
    return (
        f"invoice-{invoice.id}-due@{host}",
        invoice.due_on,
        _("%(number)s is due: %(amount)s", number=invoice.number, amount=amount),
        invoice.customer.name,
        f"{address}{invoice.id}",
    )
