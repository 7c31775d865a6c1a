"""How the collection of one document stands: disputes, promises, holds, reminders."""

from models.core.model import present
from models.customers import Customer
from models.disputes import Dispute
from models.documents import Document
from models.dunning.hold import Hold
from models.dunning.on_hold import amounts_on_hold
from models.dunning.promise import Promise
from models.dunning.reminder import Reminded, Reminder
from models.payments import Payment, open_balance


def collection_status(document, reader, open_amount=None, present_rows=None):
    """{"disputes", "promises", "holds", "letters", "open", "held", "why", "reported"} of a
    document, as far as this member of staff or contact may see it; holds only for staff. A caller
    that knows them passes the open amount and the names of the collection_rows() that exist."""
    open_amount = open_balance(document) if open_amount is None else open_amount
    rows = collection_rows(document)
    present_rows = present(**rows) if present_rows is None else present_rows
    why = {}
    if open_amount > 0 and present_rows:
        why = amounts_on_hold({document.id: open_amount}, present_rows)[document.id]
    disputes, letters = reader.sees.disputes(), reader.sees.reminders()
    seen = {
        "dispute": disputes.where(Dispute.document == document.id).order_by(Dispute.id.desc()),
        "promise": rows["promise"].order_by(Promise.id.desc()),
        "hold": rows["hold"],
        "letter": letters.where(Reminder.id.in_(rows["letter"])).order_by(Reminder.id),
    }
    read = {name: list(query) if name in present_rows else [] for name, query in seen.items()}
    return {
        "disputes": read["dispute"],
        "promises": read["promise"],
        "holds": read["hold"] if reader.roles else [],
        "letters": read["letter"],
        "open": open_amount,
        "held": min(open_amount, sum(why.values())),
        "why": why,
        "reported": Payment.reported_for(document) if "reported" in present_rows else 0,
    }


def collection_rows(document):
    """{name: query} of all that can concern the document; HOLD_SOURCES has the same names."""
    customers = Customer.one_with(document.customer_id)
    on_it = (Hold.invoice == document.id) | (Hold.invoice.is_null() & Hold.customer.in_(customers))
    return {
        "hold": Hold.live().where(on_it),
        "dispute": Dispute.select().where(Dispute.document == document.id),
        "promise": Promise.select().where(Promise.invoice == document.id),
        "import": Document.select().where(
            Document.id == document.id,
            Document.imported,
            Document.is_of_unkept_import(),
        ),
        "reported": Payment.reported().where(Payment.customer.in_(customers)),
        "letter": Reminded.select(Reminded.reminder).where(Reminded.invoice == document.id),
    }
