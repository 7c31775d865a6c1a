"""What a person worked on last, read from the journal."""

from models.core.journal import Event
from models.customers import Customer
from models.documents import Document

MOST_READ = 5000  # of the newest events of everybody
KINDS = {"documents": Document, "customers": Customer}


def recent(person, most):
    """{name of a scope: its rows of which this person changed something last, the newest first}."""
    newest = Event.newest_of_things(
        MOST_READ,
        most * 12,
        Event.actor_type == "User",
        Event.actor_id == person.id,
        Event.subject_type.in_([model.__name__ for model in KINDS.values()]),
    )
    return {name: _seen(person, name, model, newest, most) for name, model in KINDS.items()}


def _seen(person, name, model, newest, most):
    ids = [id for kind, id in newest if kind == model.__name__]
    rows = {r.id: r for r in getattr(person.sees, name)().where(model.id.in_(ids))} if ids else {}
    return [rows[id] for id in ids if id in rows][:most]
