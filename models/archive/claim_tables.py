"""The tables of a year package about what was claimed, paid back and disputed, and with whom."""

import datetime as dt

from models.adapters.spreadsheets import amount
from models.archive.folder import day_after_year
from models.core.clock import zone
from models.core.fields import MoneyField
from models.customers import Contact
from models.disputes import Dispute
from models.dunning import Reminder
from models.payments.refund import Refund
from models.payments.write_off import WriteOff
from models.receivables.statement import Statement


def tables(year, buyers):
    """(name, column names, rows) of each table; `buyers` is a query of the customers of the
    year."""
    first, end = day_after_year(year - 1), day_after_year(year)

    def of(cls, column, name, *columns, first=first, end=end):
        rows = cls.select().where(column >= first, column < end).order_by(cls.id)
        return name, columns, (cells(row, columns) for row in rows.iterator())

    yield of(
        Refund,
        Refund.paid_on,
        "refunds",
        *("id", "number", "state", "customer_id", "payment_id", "credit_note_id", "paid_on"),
        *("currency", "amount", "reference", "reverse_reason", "reversed_on"),
    )
    yield of(
        WriteOff,
        WriteOff.asked_on,
        "write_offs",
        *("id", "state", "customer_id", "invoice_id", "currency", "amount", "reason"),
        *("asked_by", "asked_on", "decided_by", "decided_on", "note", "reversed_on"),
    )
    yield of(
        Statement,
        Statement.until,
        "statements",
        *("id", "number", "state", "customer_id", "currency", "since", "until", "opening"),
        *("closing", "sent_at", "confirmed_at", "confirmed_by", "confirmed_pdf_sha256"),
    )
    yield of(
        Dispute,
        Dispute.raised_at,
        "disputes",
        *("id", "state", "customer_id", "document_id", "currency", "amount", "reason", "text"),
        *("author", "owner", "raised_at", "outcome", "explanation", "credit_note_id"),
        *("replacement_id", "settled_at"),
        first=_moment(first),
        end=_moment(end),
    )
    yield of(
        Reminder,
        Reminder.day,
        "reminders",
        *("id", "number", "customer_id", "day", "currency", "total", "interest", "pdf_sha256"),
    )
    columns = ("id", "customer_id", "name", "position", "email", "phone", "language", "active")
    people = Contact.select().where(Contact.customer.in_(buyers)).order_by(Contact.id)
    yield "contacts", columns, (cells(row, columns) for row in people.iterator())


def cells(row, columns):
    """The values of a row: amounts in major units of its currency, people by their names."""
    fields = row._meta.combined
    for name in columns:
        value = getattr(row, name)
        if isinstance(fields[name], MoneyField):
            # A complaint about no document has neither currency nor amount.
            yield amount(value, row.currency) if row.currency else ""
        else:
            yield getattr(value, "name", value)


def _moment(day):
    """The beginning of a day in the firm's zone, in UTC."""
    begin = dt.datetime.combine(day, dt.time(), zone())
    return begin.astimezone(dt.UTC).replace(tzinfo=None)
