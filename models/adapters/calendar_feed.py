"""Due dates as an iCalendar file (RFC 5545), for the calendar of whoever pays or waits for the
money."""

from flask_babel import gettext as _

from models.core.clock import now
from models.core.money import format_money
from models.documents import Document
from models.payments import open_balance
from models.receivables.balance import by_money

MOST = 500


def due_dates(query, address):
    """The open invoices of `query` as all-day events; `address` + id is where each is found."""
    rows = query.where(Document.kind == "invoice")
    found = [
        i
        for state in ("overdue", "open", "partly_paid")
        for i in by_money(rows, state).order_by(Document.due_on.desc()).limit(MOST)
    ]
    events = [_event(i, open_balance(i), address) for i in found if i.due_on]
    return calendar(events)


def calendar(events):
    """The whole file; lines end in CRLF and are folded at 75 octets."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Danju//Due dates//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        *(line for event in events for line in event),
        "END:VCALENDAR",
    ]
    return "".join(folded(line) + "\r\n" for line in lines)


def _event(invoice, left, address):
    amount = f"{format_money(left, invoice.currency)} {invoice.currency}"
    who = invoice.customer.name
    summary = _("%(number)s is due: %(amount)s", number=invoice.number, amount=amount)
    return [
        "BEGIN:VEVENT",
        f"UID:invoice-{invoice.id}-due@{address.split('//')[-1].split('/')[0].split(':')[0]}",
        f"DTSTAMP:{now():%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{invoice.due_on:%Y%m%d}",
        f"SUMMARY:{escaped(summary)}",
        f"DESCRIPTION:{escaped(who)}",
        f"URL:{address}{invoice.id}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def escaped(text):
    """TEXT as RFC 5545, 3.3.11 wants it."""
    return (
        text.replace("\\", "\\\\")
        .replace(";", "\\;")
        .replace(",", "\\,")
        .replace("\r\n", "\\n")
        .replace("\n", "\\n")
    )


def folded(line):
    """The line in pieces of at most 75 octets, no letter cut in two; each further piece begins with
    a space."""
    pieces, piece, size = [], "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > 75:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + letter, size + width
    return "\r\n".join([*pieces, piece])
