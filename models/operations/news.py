"""What others did since yesterday that this person should know, read from the journal."""

import datetime as dt
import functools
import operator

from models.core.clock import today, zone
from models.core.journal import Event
from models.customers import Customer
from models.disputes import Dispute
from models.documents import Document
from models.dunning import Promise, Reminder
from models.payments import Payment

MOST_READ = 2000  # of the newest events; a longer day shows only its end
TOLD = {
    "Document": ("issued", "returned", "confirmed", "voided", "opened"),
    "Payment": ("received", "confirmed", "reported"),
    "Dispute": ("raised",),
    "Promise": ("promised",),
    "Reminder": ("reminded",),
}
SCOPES = {
    "Document": (Document, "documents"),
    "Payment": (Payment, "payments"),
    "Dispute": (Dispute, "disputes"),
    "Promise": (Promise, "promises"),
    "Reminder": (Reminder, "reminders"),
}


def begin_of_yesterday():
    """The moment, in UTC as stored."""
    begin = dt.datetime.combine(today() - dt.timedelta(days=1), dt.time(), zone())
    return begin.astimezone(dt.timezone.utc).replace(tzinfo=None)


def news(sees, most):
    """[(event, its subject with the customer)], the newest first; of each thing only the last that
    happened."""
    told = (
        (Event.subject_type == kind) & Event.action.in_(actions) for kind, actions in TOLD.items()
    )
    either = functools.reduce(operator.or_, told)
    newest = Event.newest_of_things(MOST_READ, most * 12, Event.at >= begin_of_yesterday(), either)
    keys, found = list(newest), []
    # who sees all sees nearly all of these: reading every one for a few took half of Today
    step = most * 2 if sees.person.sees_all else len(keys) or 1
    for start in range(0, len(keys), step):
        some = keys[start : start + step]
        subjects = _seen(sees, some)
        found += [(newest[key], subjects[key]) for key in some if key in subjects]
        if len(found) >= most:
            break
    return found[:most]


def _seen(sees, keys):
    """{(kind, id): row} of those that the person may see."""
    found = {}
    for kind, (model, scope) in SCOPES.items():
        ids = [ident for name, ident in keys if name == kind]
        if ids:
            rows = getattr(sees, scope)().select(model, Customer).join(Customer)
            found |= {(kind, row.id): row for row in rows.where(model.id.in_(ids))}
    return found
