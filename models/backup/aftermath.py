"""What a restore leaves for people to do: the backup ends at a moment, and what was done later must be entered again.

Papers that were issued after it are with the customers; entered again in the order of their numbers they get the same ones."""
import datetime as dt

from models.archive import DestructionList
from models.backup import dump
from models.base import db, today
from models.company import Company
from models.events import Event
from models.numbering import NumberPattern, NumberSeries, written

SEEN = "caught_up"


def since(numbers, moment):
    """What stands here and is not in a backup taken at `moment` (UTC), whose series had come to `numbers` ([[kind, period, last]]):
    the papers numbered since, as [[kind, period, first, last]], and the lists that were carried out since, whose papers it still holds."""
    then = _lasts(numbers)
    with dump.opened() as here:
        now = _lasts(dump.sums(here)["numbers"])
    ahead = [[kind, period, then.get((kind, period), 0) + 1, last] for (kind, period), last in now.items() if last > then.get((kind, period), 0)]
    lists = DestructionList.select(DestructionList.number).where(DestructionList.destroyed_at > moment).order_by(DestructionList.id)
    return {"ahead": ahead, "destroyed": [row.number for row in lists] if db.table_exists("destruction_list") else []}


def _lasts(numbers):
    """Where each series stands; one whose pattern changed within its period counts by the longer run."""
    found = {}
    for kind, period, last in numbers:
        found[kind, period] = max(last, found.get((kind, period), 0))
    return found


def pending():
    """The event of a restore after which nobody has yet said that all was entered again, or None."""
    firm = Company.current()
    last = firm and Event.of(firm).where(Event.action.in_(("restored", SEEN))).order_by(Event.id.desc()).first()
    return last if last and last.action == "restored" else None


def last_act(event):
    """When the last thing was done that the restored firm knows of (UTC)."""
    before = Event.select(Event.at).where(Event.id < event.id).order_by(Event.id.desc()).first()
    return before.at if before else event.at


def missing(event):
    """[(kind, first number, last number)] of what was numbered since, as far as it is known."""
    return [(kind, _number(kind, period, first), _number(kind, period, last)) for kind, period, first, last in event.facts.get("ahead", [])]


def next_numbers():
    """[(kind, number)] that each running series gives out next."""
    rows = NumberSeries.select().order_by(NumberSeries.id)
    return [(row.kind, written(row.pattern, _day(row.period), row.last + 1)) for row in rows
            if row.pattern == NumberPattern.of(row.kind) and row.period in ("", f"{today():%Y}", f"{today():%Y-%m}")]


@db.atomic()
def catch_up(by):
    """Say that what was done after the backup is entered again."""
    by.must("back_up")
    pending() and Company.current().record(SEEN, by)


def _number(kind, period, n):
    return written(NumberPattern.of(kind), _day(period), n)


def _day(period):
    return dt.date.fromisoformat((period + "-01-01")[:10]) if period else today()
