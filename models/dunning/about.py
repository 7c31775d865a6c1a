"""What stands between us and the money on one paper, as far as the reader may see it."""

from models.core.model import present
from models.disputes import Dispute
from models.dunning.held import why_held
from models.dunning.hold import Hold
from models.dunning.promise import Promise
from models.dunning.reminder import Reminded, Reminder
from models.payments import Payment, open_balance


def about(document, reader, left=None, found=None):
    """{"disputes", "promises", "holds", "letters", "open", "held", "why", "reported"} of a paper
    for staff or a contact; holds only for staff. `left`: its open balance, `found`: which of
    rows_of() are there, where this is known."""
    left = open_balance(document) if left is None else left
    rows = rows_of(document)
    found = present(**rows) if found is None else found
    why = why_held({document.id: left}, found)[document.id] if left > 0 and found else {}
    disputes, letters = reader.sees.disputes(), reader.sees.reminders()
    seen = {
        "dispute": disputes.where(Dispute.document == document.id).order_by(Dispute.id.desc()),
        "promise": rows["promise"].order_by(Promise.id.desc()),
        "hold": rows["hold"],
        "letter": letters.where(Reminder.id.in_(rows["letter"])).order_by(Reminder.id),
    }
    read = {name: list(query) if name in found else [] for name, query in seen.items()}
    return {
        "disputes": read["dispute"],
        "promises": read["promise"],
        "holds": read["hold"] if reader.roles else [],
        "letters": read["letter"],
        "open": left,
        "held": min(left, sum(why.values())),
        "why": why,
        "reported": Payment.reported_for(document) if "reported" in found else 0,
    }


def rows_of(document):
    """{name: query} of all that can concern the paper; held.SOURCES by the same names."""
    on_it = (Hold.invoice == document.id) | (
        Hold.invoice.is_null() & (Hold.customer == document.customer_id)
    )
    return {
        "hold": Hold.live().where(on_it),
        "dispute": Dispute.select().where(Dispute.document == document.id),
        "promise": Promise.select().where(Promise.invoice == document.id),
        "reported": Payment.reported().where(Payment.customer == document.customer_id),
        "letter": Reminded.select(Reminded.reminder).where(Reminded.invoice == document.id),
    }
