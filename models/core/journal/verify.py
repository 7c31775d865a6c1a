"""Verify the journal: every link, every row against its last event, every anchor."""

from pathlib import Path

from models.core.journal.anchors import _ours, anchors
from models.core.journal.event import GENESIS, REMOVED, Event
from models.core.journal.journaled import Journaled, label


def verify(folder=None, key=None):
    """Faults of the journal: a broken chain, changed rows, a tail cut since the last anchor. Empty
    is good."""
    faults, previous, latest, count = [], GENESIS, {}, 0
    hashes = {}
    for event in Event.select().order_by(Event.id).iterator():
        count += 1
        if event.previous != previous:
            faults.append(f"journal: before event {event.id} something is missing or was changed")
        if event.seal() != event.hash:
            faults.append(
                f"journal: event {event.id} ({event.action} {event.subject_type} "
                f"{event.subject_id}) was changed"
            )
        previous = event.hash
        hashes[event.id] = event.hash
        latest[event.subject_type, event.subject_id] = event.content
    for name, cls in Journaled.registry.items():
        for row in cls.with_parts():
            content = latest.pop((name, row.get_id()), None)
            if content is None:
                faults.append(f"{label(row)}: a row that no event tells of")
            elif row.content_as_read() != content:
                faults.append(f"{label(row)}: a column differs from what the journal last saw")
    faults += [
        f"{name} {ident}: the row is gone"
        for (name, ident), content in latest.items()
        if content != REMOVED
    ]
    if folder:
        path = Path(folder) / "anchors.jsonl"
        lines = path.read_text(errors="replace").splitlines() if path.exists() else []
        faults += [
            f"anchors: line {n} was changed, torn, or written with another key"
            for n, line in enumerate(lines, 1)
            if not _ours(line, key)
        ]
        for mark in anchors(folder, key)[-1:]:
            if hashes.get(mark["id"]) != mark["head"] or count < mark["count"]:
                faults.append(f"journal: the end was cut off or rewritten since {mark['at']}")
    return faults
