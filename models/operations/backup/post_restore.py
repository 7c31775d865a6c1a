"""What people must do after a restore: what was done after the backup was taken must be entered
again.

Customers have the papers that were issued after it, and their numbers would be used a second time.
And if the firm was restored on another machine, the old one may still run: both would mail the same
customers and back up to the same places."""

import json
from contextlib import closing

from peewee import fn

from models.company import Company
from models.core import journal
from models.core.clock import today
from models.core.database import db
from models.core.journal import Event
from models.numbering import NumberPattern, NumberSeries, format_number
from models.operations.backup import dump, snapshot

CAUGHT_UP, ALONE, COPIED, MOST_NUMBERS = "caught_up", "alone", "copied", 1000
CATCHING_UP, PAUSING = ("restored", CAUGHT_UP), ("restored", COPIED, ALONE)
NUMBERED = {  # table: (kind, SQL for a value by which two rows of one number differ)
    "document": ("kind", "CASE WHEN imported THEN CAST(total AS TEXT) ELSE snapshot END"),
    "payment": ("'payment'", "amount"),
    "refund": ("'refund'", "amount"),
    "statement": ("'statement'", "snapshot"),
    "reminder": ("'reminder'", "snapshot"),
}


def missing_since(path):
    """What is here and not in the backup rebuilt at `path`: {"missing": {kind: {count, numbers}},
    "destroyed": [list]}. Also missing are numbers that another document has there, and those still
    to be entered again after an earlier restore. {} when unknown: the backup is another firm's, or
    the earlier restore did not know."""
    event = pending()
    earlier = event.facts if event else {"missing": {}, "destroyed": []}
    with dump.opened() as present, closing(dump.Sqlite(path)) as restored:
        if _origin(present) != _origin(restored) or earlier["missing"] is None:
            return {}
        numbered_there, destroyed_there = _numbered(restored), _destroyed(restored)
        missing = {
            key: None
            for key, content in _numbered(present).items()
            if key not in numbered_there or numbered_there[key] != content
        }
        missing |= {
            (kind, n): None
            for kind, row in earlier["missing"].items()
            for n in row["numbers"]
            if (kind, n) not in numbered_there
        }
        destroyed = sorted((_destroyed(present) | set(earlier["destroyed"])) - destroyed_there)
    kinds = {}
    for kind, number in missing:
        kinds.setdefault(kind, []).append(number)
    return {
        "missing": {
            kind: {"count": len(numbers), "numbers": _shortened(numbers)}
            for kind, numbers in kinds.items()
        },
        "destroyed": destroyed,
    }


def _shortened(numbers):
    if len(numbers) <= MOST_NUMBERS:
        return numbers
    return [*numbers[: MOST_NUMBERS - 1], numbers[-1]]


def _rows(base, table, query):
    """The rows of the query; none if an older version has no such table."""
    return base.link.execute(query).fetchall() if table in base.tables() else []


def _origin(base):
    """The hash of the journal's first event, which identifies the firm."""
    return [row[0] for row in _rows(base, "event", "SELECT hash FROM event ORDER BY id LIMIT 1")]


def _numbered(base):
    """{(kind, number): a value by which two documents of one number differ}, oldest first."""
    return {
        (kind, number): content
        for table, (kind, content) in NUMBERED.items()
        for kind, number, content in _rows(
            base,
            table,
            f"SELECT {kind}, number, {content} FROM {table} WHERE number <> '' ORDER BY id",
        )
    }


def _destroyed(base):
    return {
        row[0]
        for row in _rows(
            base,
            "destruction_list",
            "SELECT number FROM destruction_list WHERE destroyed_at IS NOT NULL",
        )
    }


def since_restore():
    """(the event of the last restore until someone confirms that everything was entered again, else
    None; whether mail and backups pause until someone confirms that no other machine runs this
    firm). Earlier versions did not ask for the first."""
    ids = (_newest(*CATCHING_UP), _newest(*PAUSING))
    events = list(Event.select().where(Event.id.in_(ids)).order_by(Event.id.desc()))
    last = next((e for e in events if e.action in CATCHING_UP), None)
    waits = last and last.action == "restored" and "missing" in last.facts
    switch = next((e for e in events if e.action in PAUSING), None)
    return last if waits else None, bool(switch and _pauses(switch.action, switch.facts))


def pending():
    """The event of the last restore, until everything was entered again."""
    return since_restore()[0]


def must_pause(path, start):
    """Whether mail and backups must pause after the restore of the backup rebuilt at `path`: its
    firm was not on this machine, or was paused already. If its damaged database was moved aside,
    the firm is recognised by its anchors."""
    anchored = set(start["anchors"].splitlines()) & set(journal.lines_here(snapshot.folder()))
    with dump.opened() as present, closing(dump.Sqlite(path)) as restored:
        is_same_firm = _origin(present) and _origin(present) == _origin(restored)
        return paused_in(present) if is_same_firm else _marker().exists() or not anchored


def _marker():
    return snapshot.folder() / "resting"


def mark_paused(paused):
    """Store it outside the database too, as the next restore may begin with an empty one."""
    if paused:
        _marker().touch()
    else:
        _marker().unlink(missing_ok=True)


def paused_in(base):
    """Whether mail and backups of the firm in this opened database are paused since its restore."""
    rows = _rows(
        base,
        "event",
        (
            "SELECT action, facts FROM event WHERE subject_type = 'Company' AND action IN "
            "('restored', 'copied', 'alone') ORDER BY id DESC LIMIT 1"
        ),
    )
    if not rows:
        return False
    action, facts = rows[0]
    return _pauses(action, json.loads(facts or "{}"))


def paused_after_restore():
    """Whether mail and backups pause."""
    return since_restore()[1]


def _pauses(action, facts):
    return action == COPIED or action == "restored" and bool(facts.get("resting"))


@db.atomic()
def take_over(by):
    """Confirm that the old machine no longer runs: mail and backups go on from here."""
    by.must("back_up")
    if paused_after_restore():
        Company.current().record(ALONE, by)
        mark_paused(False)


def _newest(*actions):
    """A query of the id of the firm's last event with one of these actions."""
    of_firm = Event.subject_type == "Company"
    return Event.select(fn.MAX(Event.id)).where(of_firm, Event.action.in_(actions))


def last_act(event):
    """When the last event before the restore happened (UTC)."""
    before = Event.select(Event.at).where(Event.id < event.id).order_by(Event.id.desc()).first()
    return before.at if before else event.at


def next_numbers():
    """[(kind, next number)] of each kind that has been numbered."""
    found = []
    for row in NumberSeries.select(NumberSeries.kind).distinct().order_by(NumberSeries.kind):
        position = NumberSeries.upcoming(row.kind)
        found.append((row.kind, format_number(NumberPattern.of(row.kind), today(), position)))
    return found


@db.atomic()
def catch_up(by):
    """Confirm that everything done after the backup was entered again."""
    by.must("back_up")
    if pending():
        Company.current().record(CAUGHT_UP, by)
