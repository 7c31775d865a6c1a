"""How far long work has come, and its signs of life, for every process and host: in rows that a
connection of its own writes, as what the work's transaction writes is seen only after its end."""

import contextlib
import threading
import time
import weakref

import peewee as pw

from models.core import disk
from models.core.clock import now
from models.core.database import beside
from models.core.fields import JSONField
from models.core.model import Model

SILENCE = 120  # seconds without a sign of life after which work counts as interrupted
BEAT = 20
NOTED_EVERY = 0.3
_noted = weakref.WeakKeyDictionary()  # {database: {name: (when, phase)}}


class Progress(Model):
    """One work that goes on somewhere."""

    name = pw.CharField(unique=True)
    facts = JSONField()
    beat_at = pw.DateTimeField()

    @classmethod
    def beat(cls, name, **changes):
        """Write that the work is alive; False where that would have to wait for another's write,
        or cannot be written at all: the work goes on unseen."""
        changes["beat_at"] = now()
        row = cls.insert(**{"name": name, "facts": {"part": 0}, **changes})
        with contextlib.suppress(pw.PeeweeException), disk.if_free():
            row.on_conflict(conflict_target=[cls.name], update=changes).execute(beside)
            return True
        return False


def note(name, part, **facts):
    """Work `name` is done to `part` (0 to 1); `facts` say more. What is noted too often is left
    out, but for another `phase`."""
    moment, phase = time.monotonic(), facts.get("phase")
    noted = _noted.setdefault(beside.obj, {})
    then = noted.get(name)
    if not then or then[1] != phase or moment - then[0] >= NOTED_EVERY:
        noted[name] = moment, phase
        Progress.beat(name, facts={"part": round(part, 4), **facts})


def part(name):
    """From 0 to 1; 0 before the work has begun and after it has ended."""
    return facts(name)["part"]


def parts(names):
    """{name: part} of several works."""
    rows = Progress.select().where(Progress.name.in_(list(names)))
    return {**dict.fromkeys(names, 0), **{row.name: row.facts["part"] for row in rows}}


def facts(name):
    """What was noted last: {part, …}."""
    row = Progress.get_or_none(Progress.name == name)
    return row.facts if row else {"part": 0}


def alive(name, since):
    """Whether the work gave a sign of life, or began, in the last two minutes. One that is yet to
    come was written by a wrong clock."""
    row = Progress.get_or_none(Progress.name == name)
    signs = (since, row.beat_at) if row else (since,)
    return any(abs((now() - sign).total_seconds()) < SILENCE for sign in signs)


@contextlib.contextmanager
def beating(*names):
    """While these works go on, however long without progress, they give signs of life; afterwards
    nothing is told of them any more."""
    finished = threading.Event()

    def beat():
        pause = BEAT
        while not finished.wait(pause):
            pause = BEAT if all([Progress.beat(name) for name in names]) else 1
        beside.close()

    for name in names:
        Progress.beat(name, facts={"part": 0})
    threading.Thread(target=beat, name="signs of life", daemon=True).start()
    try:
        yield
    finally:
        finished.set()
        beside.close()
        with disk.if_writable():
            Progress.delete().where(Progress.name.in_(names)).execute()
