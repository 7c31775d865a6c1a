"""Rows that a new version changes, not a person."""

from models.core.database import db
from models.core.journal.event import Event


def migrate_rows(rows, change, migration):
    """Let `change(row)` alter each row, save it, and write an event for each one that is now hashed
    differently; `migration` is its name there. Returns how many. Each row is a transaction of its
    own, so an interrupted migration is simply run again."""
    return sum(_migrate(row, change, migration) for row in rows)


@db.atomic()
def _migrate(row, change, migration):
    before = row.content()
    change(row)
    row.save()
    if row.content() == before:
        return False
    # An event would declare right what somebody changed by hand: `flask verify` must go on naming
    # such a row.
    if before == _recorded(row):
        row.record("migrated", None, migration=migration)
    return True


def _recorded(row):
    """The hash that the row's last event holds; None without an event."""
    last = Event.of(row).order_by(Event.id.desc()).first()
    return last and last.content
