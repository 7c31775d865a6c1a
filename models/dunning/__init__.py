"""Payment reminders: levels by days, one letter per customer and currency, and what holds them
back."""

from models.dunning.about import about, rows_of
from models.dunning.held import SOURCES, amount_on_hold, why_held
from models.dunning.hold import HOLD_REASONS, Hold
from models.dunning.letter import remind
from models.dunning.level import ReminderLevel
from models.dunning.plan import Plan, due, preview
from models.dunning.promise import Promise
from models.dunning.reminder import Reminded, Reminder
from models.dunning.run import run_by_clock, run_due

__all__ = [
    "HOLD_REASONS",
    "Hold",
    "Plan",
    "Promise",
    "Reminded",
    "Reminder",
    "ReminderLevel",
    "SOURCES",
    "about",
    "amount_on_hold",
    "due",
    "preview",
    "remind",
    "rows_of",
    "run_by_clock",
    "run_due",
    "why_held",
]
