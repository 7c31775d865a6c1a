"""What people must do after a restore: what was done after the backup was taken must be entered
again.

Customers have the papers that were issued after it, and their numbers would be used a second time.
And if the firm was restored on another machine, the old one may still run: both would mail the same
customers and back up to the same places."""

import json
from contextlib import closing

from models.company import Company
from models.core.clock import today
from models.core.database import db
from models.core.journal import Event
from models.numbering import NumberPattern, NumberSeries, format_number, period_of
from models.operations.backup import dump, snapshot

SEEN, ALONE, KEPT = "caught_up", "alone", 1000
NUMBERED = {  # table: (kind, what tells two rows of one number apart)
    "document": ("kind", "CASE WHEN imported THEN CAST(total AS TEXT) ELSE snapshot END"),
    "payment": ("'payment'", "amount"),
    "refund": ("'refund'", "amount"),
    "statement": ("'statement'", "snapshot"),
    "reminder": ("'reminder'", "snapshot"),
}


def missing_since(path):
    """What is here and not in the backup rebuilt at `path`: {"missing": {kind: {count, numbers}},
    "destroyed": [list]}. A number that another paper has there is missing too, and so is what has
    still to be entered again after an earlier restore. {} where that cannot be known: the backup is
    another firm's, or the earlier restore did not know."""
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
    """The rows of the query; none if an older version has no such table."""
    return base.link.execute(query).fetchall() if table in base.tables() else []


def _origin(base):
    """The hash of the journal's first event, which identifies the firm."""
    return [row[0] for row in _rows(base, "event", "SELECT hash FROM event ORDER BY id LIMIT 1")]


def _numbered(base):
    """{(kind, number): a value by which two papers of one number differ}, oldest first."""
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
    """The event of a restore after which nobody has yet confirmed that all was entered again, or
    None. Earlier versions did not ask."""
    last = _last("restored", SEEN)
    return last if last and last.action == "restored" and "missing" in last.facts else None


def must_pause(path, start):
    """Whether mail and backups must pause after the restore of the backup rebuilt at `path`: its
    firm was not on this machine, or was paused already. If its damaged database was moved aside,
    the firm is recognised by its anchors."""
    first = (start["anchors"].splitlines() or [""])[0]
    anchors = snapshot.folder() / "anchors.jsonl"
    with dump.opened() as here, closing(dump.Sqlite(path)) as there:
        same = _origin(here) and _origin(here) == _origin(there)
        return (
            paused_in(here)
            if same
            else _mark().exists()
            or not (first and anchors.exists() and anchors.read_text().startswith(first))
        )


def _mark():
    return snapshot.folder() / "resting"


def mark_paused(paused):
    """Remember it outside the database too: the next restore may begin with an empty one."""
    if paused:
        _mark().touch()
    else:
        _mark().unlink(missing_ok=True)


def paused_in(base):
    """Whether mail and backups of the firm in this opened database are paused since its restore."""
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
    """Whether mail and backups pause until someone confirms that no other machine runs this
    firm."""
    last = _last("restored", ALONE)
    return bool(last and last.action == "restored" and last.facts.get("resting"))


@db.atomic()
def take_over(by):
    """Confirm that the old machine no longer runs: mail and backups go on from here."""
    by.must("back_up")
    if paused_after_restore():
        Company.current().record(ALONE, by)
        mark_paused(False)


def _last(*actions):
    """The firm's last event of these."""
    return (
        Event.select()
        .where(Event.subject_type == "Company", Event.action.in_(actions))
        .order_by(Event.id.desc())
        .first()
    )


def last_act(event):
    """When the last event before the restore happened (UTC)."""
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
        found.append(
            (row.kind, format_number(pattern, today(), (series.last if series else 0) + 1))
        )
    return found


@db.atomic()
def catch_up(by):
    """Confirm that what was done after the backup is entered again."""
    by.must("back_up")
    if pending():
        Company.current().record(SEEN, by)
