"""What stands between us and the money on one paper, as far as the reader may see it."""

from models.disputes import Dispute
from models.dunning.held import why_held
from models.dunning.hold import Hold
from models.dunning.promise import Promise
from models.dunning.reminder import Reminded, Reminder
from models.payments import open_balance


def about(document, reader):
    """{"disputes", "promises", "holds", "letters", "open", "held", "why"} of a paper for staff or a
    contact; holds only for staff."""
    left = open_balance(document)
    why = why_held({document.id: left})[document.id] if left > 0 else {}
    mentioned = Reminded.select(Reminded.reminder).where(Reminded.invoice == document.id)
    on_it = (Hold.invoice == document.id) | (
        Hold.invoice.is_null() & (Hold.customer == document.customer_id)
    )
    return {
        "disputes": list(
            reader.sees.disputes()
            .where(Dispute.document == document.id)
            .order_by(Dispute.id.desc())
        ),
        "promises": list(
            Promise.select().where(Promise.invoice == document.id).order_by(Promise.id.desc())
        ),
        "holds": list(Hold.live().where(on_it)) if reader.roles else [],
        "letters": list(
            reader.sees.reminders().where(Reminder.id.in_(mentioned)).order_by(Reminder.id)
        ),
        "open": left,
        "held": min(left, sum(why.values())),
        "why": why,
    }
