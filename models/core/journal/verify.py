"""Verify the journal: every link, every row against its last event, every anchor."""

import functools

import peewee as pw

from models.core.database import one_snapshot
from models.core.imported_range import ImportedContent, ImportedRange
from models.core.journal.anchors import anchors, unreadable
from models.core.journal.event import GENESIS, REMOVED, Event
from models.core.journal.journaled import Journaled, label
from models.core.journal.last_seen import LastSeen

AT_ONCE = 500


def verify(folder=None, key=None):
    """Faults of the journal as sentences: a broken chain, changed rows, events missing at the end.
    Empty when all is right."""
    return examine(folder, key)[0]


def examine(folder=None, key=None, since=None):
    """(faults, where the journal ends, {class: ids of the rows that were looked at}); of all, then
    without the ids, or of what came `since` an earlier end. The anchors are read before the events:
    one that is written meanwhile names an event that comes after them."""
    unread = unreadable(folder, key) if folder else []
    anchored = anchors(folder, key) if folder else []
    contents, end = LastSeen(), {"id": 0, "head": GENESIS, "count": 0}
    if since:
        anchored = [row for row in anchored if row["id"] >= since["id"]]
        end = {name: since[name] for name in end}
    hashes = {row["id"]: None for row in anchored} | {end["id"]: end["head"]}
    with one_snapshot():
        faults = [*_chain_faults(hashes, contents, end, since)]
        rows = _rows_since(contents, since) if since else None
        faults += _row_faults(contents, rows)
        # after faults everything is looked at again, and a torn table has no last id
        end["tops"] = {} if faults else {n: _top(cls) for n, cls in Journaled.registry.items()}
    return [*faults, *_anchor_faults(unread, anchored, hashes, end["count"])], end, rows


def _top(cls):
    return cls.select(pw.fn.MAX(cls._meta.primary_key)).scalar() or 0


def _rows_since(contents, since):
    """The rows that events tell of, and those that are new."""
    tops = since["tops"]
    rows = {name: _ids_above(cls, tops.get(name, 0)) for name, cls in Journaled.registry.items()}
    for name, ident in contents:
        rows.setdefault(name, set()).add(ident)
    return rows


def _ids_above(cls, top):
    key = cls._meta.primary_key
    return {ident for (ident,) in cls.select(key).where(key > top).tuples()}


def _chain_faults(hashes, contents, end, since):
    """Fills hashes, {event id: hash} of those that anchors name, contents, {(class, row id):
    content of its last event}, and end, so that all events are read once. One event tells of all
    the rows that an import made."""
    previous, imports, events = GENESIS, _imports_to_see(), Event.select().order_by(Event.id)
    if since:
        yield from _start_faults(since)
        previous, events = since["head"], events.where(Event.id > since["id"])
        imports &= _imports_since(events, imports, since)
    for event in events.iterator():
        if event.previous != previous:
            yield f"audit log: before event {event.id} something is missing or was changed"
        if event.seal() != event.hash:
            yield (
                f"audit log: event {event.id} ({event.action} {event.subject_type} "
                f"{event.subject_id}) was changed"
            )
        previous = event.hash
        end.update(id=event.id, head=event.hash, count=end["count"] + 1)
        if event.id in hashes:
            hashes[event.id] = event.hash
        _note(event, contents, imports)
    yield from (f"Import {i}: no event seals the rows that it made" for i in sorted(imports))
    _forget_hidden(contents)


def _start_faults(since):
    """What is wrong where an earlier look ended."""
    start = Event.get_or_none(Event.id == since["id"])
    count = Event.select().where(Event.id <= since["id"]).count()
    if not start or start.hash != since["head"] or count != since["count"]:
        yield f"audit log: something up to event {since['id']} is missing or was changed"


def _imports_since(events, imports, since):
    """The ids of those that were published since."""
    told = events.where(Event.subject_type == "Import")
    new = {ident for ident in imports if ident > since["tops"].get("Import", 0)}
    return new | {event.subject_id for event in told if "seal" in event.facts}


def last_contents():
    """{(class, row id): hash of its content} of what the audit log last saw of each row."""
    contents, imports = {}, _imports_to_see()
    for event in Event.select().order_by(Event.id).iterator():
        _note(event, contents, imports)
    _forget_hidden(contents)
    return contents


def _note(event, contents, imports):
    """Put what the event tells of rows into `contents`; `imports` keeps the ids of those for which
    no event was found yet that seals their rows."""
    contents[event.subject_type, event.subject_id] = event.content
    if event.subject_type == "Import" and event.subject_id in imports and "seal" in event.facts:
        seal, _count = ImportedContent.seal_of(event.subject_id)
        if event.facts["seal"] == seal:
            imports.discard(event.subject_id)
            for name, ident, content in ImportedContent.rows_of(event.subject_id):
                contents[_class_of(name), ident] = content


def _imports_to_see():
    """The ids of the imports whose rows have hashes and are published."""
    hidden = ImportedContent.import_id.in_(ImportedRange.hidden_imports())
    found = ImportedContent.select(ImportedContent.import_id).distinct()
    return {i for (i,) in found.where(~hidden).tuples()}


def _forget_hidden(contents):
    """What events told of rows before an import that was published is undone."""
    for row in ImportedRange.hidden_now():
        for ident in range(row.first, row.last + 1):
            contents.pop((_class_of(row.name), ident), None)


@functools.cache
def _class_of(name):
    """The journal's name of the class whose rows stand in the table."""
    named = (n for n, cls in Journaled.registry.items() if cls._meta.table_name == name)
    return next(named, None)


def _row_faults(contents, rows):
    for name, cls in Journaled.registry.items():
        for row in cls.with_parts() if rows is None else read_some(cls.select(), rows[name]):
            content = contents.pop((name, row.get_id()), None)
            if content is None:
                yield f"{label(row)}: a row that no event tells of"
            elif row.content_as_read() != content:
                yield f"{label(row)}: a column differs from what the audit log last saw"
    for (name, ident), content in contents.items():
        if content != REMOVED:
            yield f"{name} {ident}: the row is gone"


def read_some(query, ids, column=None):
    """The rows of the query with these ids, or these values of the column."""
    column = column or query.model._meta.primary_key
    for some in pw.chunked(sorted(ids), AT_ONCE):
        yield from list(query.where(column.in_(list(some))))


def _anchor_faults(unread, anchored, hashes, count):
    """Every anchor counts: after a cut, a later one fits again."""
    for what in unread:
        yield f"log seals: {what} was changed, torn, or written with another key"
    for row in anchored:
        if hashes.get(row["id"]) != row["head"] or count < row["count"]:
            yield f"audit log: the end was cut off or rewritten since {row['at']}"
            break
