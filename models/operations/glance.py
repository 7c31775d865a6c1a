"""What every page of a member of staff asks, in one query: most days there is little of it."""

from collections import namedtuple

import peewee as pw

from models.approvals import Task
from models.archive import DestructionList
from models.core.clock import now
from models.core.database import db
from models.core.prepared import prepared
from models.operations.announcement import Announcement

Glance = namedtuple("Glance", "tasks asked announced destruction")


def glance(person):
    """(how many tasks wait for the person, whether one ever did, whether something is announced
    now, whether a destruction is going on)."""
    [found] = _asked(person.id, now())
    return Glance(*found)


@prepared
def _asked(user, moment):
    tasks = Task.select(pw.fn.COUNT(Task.id)).where(Task.user == user, Task.state == "open")
    asked = Task.select(pw.SQL("1")).where(Task.user == user)
    announced = Announcement.select(pw.SQL("1")).where(
        Announcement.ends_at > moment, ~Announcement.withdrawn
    )
    columns = [
        tasks,
        pw.fn.EXISTS(asked),
        pw.fn.EXISTS(announced),
        pw.fn.EXISTS(DestructionList.going_on()),
    ]
    return pw.Select(columns=columns).bind(db).tuples()
