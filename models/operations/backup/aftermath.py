"""What a restore leaves for people to do: the backup ends at a moment, and what was done later must
be entered again.

Papers that were issued after it are with the customers, and their numbers would be given out a
second time. And where the firm did not stand before, the old machine may still run: two of them
would mail the same customers and fill the same places."""

import json
from contextlib import closing

from models.company import Company
from models.core.clock import today
from models.core.database import db
from models.core.journal import Event
from models.numbering import NumberPattern, NumberSeries, period_of, written
from models.operations.backup import dump, snapshot

SEEN, ALONE, KEPT = "caught_up", "alone", 1000
NUMBERED = {  # table: (kind, what tells two rows of one number apart)
    "document": ("kind", "CASE WHEN imported THEN CAST(total AS TEXT) ELSE snapshot END"),
    "payment": ("'payment'", "amount"),
    "refund": ("'refund'", "amount"),
    "statement": ("'statement'", "snapshot"),
    "reminder": ("'reminder'", "snapshot"),
}


def since(path):
    """What stands here and is not in the backup rebuilt at `path`: {"missing": {kind: {count,
    numbers}}, "destroyed": [list]}. A number that stands there on another paper is missing too, and
    so is what an earlier restore left to be entered again. {} where that cannot be known: the
    backup is another firm's, or the earlier restore did not know."""
    event = pending()
    left = event.facts if event else {"missing": {}, "destroyed": []}
    with dump.opened() as here, closing(dump.Sqlite(path)) as there:
        if _origin(here) != _origin(there) or left["missing"] is None:
            return {}
        known, gone = _numbered(there), _destroyed(there)
        lost = {
            thing: None
            for thing, paper in _numbered(here).items()
            if thing not in known or known[thing] != paper
        }
        lost |= {
            (kind, n): None
            for kind, row in left["missing"].items()
            for n in row["numbers"]
            if (kind, n) not in known
        }
        destroyed = sorted((_destroyed(here) | set(left["destroyed"])) - gone)
    kinds = {}
    for kind, number in lost:
        kinds.setdefault(kind, []).append(number)
    return {
        "missing": {
            kind: {"count": len(n), "numbers": n if len(n) <= KEPT else [*n[: KEPT - 1], n[-1]]}
            for kind, n in kinds.items()
        },
        "destroyed": destroyed,
    }


def _rows(base, table, query):
    return (
        base.link.execute(query).fetchall() if table in base.tables() else []
    )  # an older version may lack it


def _origin(base):
    """The first event of the journal tells which firm it is."""
    return [row[0] for row in _rows(base, "event", "SELECT hash FROM event ORDER BY id LIMIT 1")]


def _numbered(base):
    """{(kind, number): what tells this paper from another}, oldest first."""
    return {
        (kind, number): paper
        for table, (kind, paper) in NUMBERED.items()
        for kind, number, paper in _rows(
            base,
            table,
            f"SELECT {kind}, number, {paper} FROM {table} WHERE number <> '' ORDER BY id",
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


def pending():
    """The event of a restore after which nobody has yet said that all was entered again, or
    None."""
    last = _last("restored", SEEN)
    return (
        last if last and last.action == "restored" and "missing" in last.facts else None
    )  # earlier versions asked nobody


def must_pause(path, start):
    """Whether mail and backups must rest after the restore of the backup rebuilt at `path`: it
    comes to a machine where its firm did not stand, or where it rested already. A damaged database
    moved aside leaves the firm's anchors, by which it is known."""
    first = (start["anchors"].splitlines() or [""])[0]
    kept = snapshot.folder() / "anchors.jsonl"
    with dump.opened() as here, closing(dump.Sqlite(path)) as there:
        same = _origin(here) and _origin(here) == _origin(there)
        return (
            resting_in(here)
            if same
            else _mark().exists()
            or not (first and kept.exists() and kept.read_text().startswith(first))
        )


def _mark():
    return snapshot.folder() / "resting"


def mark(resting):
    """Keep beside the database, too, that this machine rests: the next trial may begin with an
    empty one."""
    if resting:
        _mark().touch()
    else:
        _mark().unlink(missing_ok=True)


def resting_in(base):
    """Whether the firm in this opened database rests since its restore."""
    last = _rows(
        base,
        "event",
        (
            "SELECT action, facts FROM event WHERE subject_type = 'Company' AND action IN "
            "('restored', 'alone') ORDER BY id DESC LIMIT 1"
        ),
    )
    return bool(last and last[0][0] == "restored" and json.loads(last[0][1] or "{}").get("resting"))


def paused_after_restore():
    """Whether mail and backups rest until someone says that no other machine runs this firm."""
    last = _last("restored", ALONE)
    return bool(last and last.action == "restored" and last.facts.get("resting"))


@db.atomic()
def take_over(by):
    """Say that the old machine no longer runs: mail and backups go on from here."""
    by.must("back_up")
    if paused_after_restore():
        Company.current().record(ALONE, by)
        mark(False)


def _last(*actions):
    """The firm's last event of these."""
    return (
        Event.select()
        .where(Event.subject_type == "Company", Event.action.in_(actions))
        .order_by(Event.id.desc())
        .first()
    )


def last_act(event):
    """When the last thing was done that the restored firm knows of (UTC)."""
    before = Event.select(Event.at).where(Event.id < event.id).order_by(Event.id.desc()).first()
    return before.at if before else event.at


def next_numbers():
    """[(kind, number)] that comes next of each kind that was ever numbered."""
    found = []
    for row in NumberSeries.select(NumberSeries.kind).distinct().order_by(NumberSeries.kind):
        pattern = NumberPattern.of(row.kind)
        series = NumberSeries.get_or_none(
            NumberSeries.kind == row.kind,
            NumberSeries.pattern == pattern,
            NumberSeries.period == period_of(pattern, today()),
        )
        found.append((row.kind, written(pattern, today(), (series.last if series else 0) + 1)))
    return found


@db.atomic()
def catch_up(by):
    """Say that what was done after the backup is entered again."""
    by.must("back_up")
    if pending():
        Company.current().record(SEEN, by)
