"""Verify the journal: every link, every row against its last event, every anchor."""

from models.core.database import one_snapshot
from models.core.journal.anchors import anchors, unreadable_lines
from models.core.journal.event import GENESIS, REMOVED, Event
from models.core.journal.journaled import Journaled, label


def verify(folder=None, key=None):
    """Faults of the journal as sentences: a broken chain, changed rows, events missing at the end.
    Empty when all is right. The anchors are read before the events: one that is written meanwhile
    names an event that comes after them."""
    unreadable = unreadable_lines(folder, key) if folder else []
    last_anchor = anchors(folder, key)[-1:] if folder else []
    hashes, contents = {}, {}
    with one_snapshot():
        faults = [*_chain_faults(hashes, contents), *_row_faults(contents)]
    return [*faults, *_anchor_faults(unreadable, last_anchor, hashes)]


def _chain_faults(hashes, contents):
    """Fills hashes, {event id: hash}, and contents, {(class, row id): content of its last event},
    so that all events are read once."""
    previous = GENESIS
    for event in Event.select().order_by(Event.id).iterator():
        if event.previous != previous:
            yield f"journal: before event {event.id} something is missing or was changed"
        if event.seal() != event.hash:
            yield (
                f"journal: event {event.id} ({event.action} {event.subject_type} "
                f"{event.subject_id}) was changed"
            )
        previous = hashes[event.id] = event.hash
        contents[event.subject_type, event.subject_id] = event.content


def _row_faults(contents):
    for name, cls in Journaled.registry.items():
        for row in cls.with_parts():
            content = contents.pop((name, row.get_id()), None)
            if content is None:
                yield f"{label(row)}: a row that no event tells of"
            elif row.content_as_read() != content:
                yield f"{label(row)}: a column differs from what the journal last saw"
    for (name, ident), content in contents.items():
        if content != REMOVED:
            yield f"{name} {ident}: the row is gone"


def _anchor_faults(unreadable, last_anchor, hashes):
    for number in unreadable:
        yield f"anchors: line {number} was changed, torn, or written with another key"
    for last in last_anchor:
        if hashes.get(last["id"]) != last["head"] or len(hashes) < last["count"]:
            yield f"journal: the end was cut off or rewritten since {last['at']}"
