"""Payment reminders: levels by days, one reminder per customer and currency, and what puts amounts
on hold."""

from models.dunning.collection import collection_rows, collection_status
from models.dunning.hold import HOLD_REASONS, Hold
from models.dunning.issue import remind
from models.dunning.level import ReminderLevel
from models.dunning.on_hold import HOLD_SOURCES, amount_on_hold, amounts_on_hold
from models.dunning.plan import Plan, due, preview, reached
from models.dunning.promise import Promise
from models.dunning.reminder import Reminded, Reminder
from models.dunning.run import run_by_clock, run_due
from models.dunning.set_off import set_off_credit

__all__ = [
    "HOLD_REASONS",
    "Hold",
    "Plan",
    "Promise",
    "Reminded",
    "Reminder",
    "ReminderLevel",
    "HOLD_SOURCES",
    "collection_rows",
    "collection_status",
    "amount_on_hold",
    "amounts_on_hold",
    "due",
    "preview",
    "reached",
    "remind",
    "run_by_clock",
    "run_due",
    "set_off_credit",
]
