"""What a customer holds against a paper, or against us: raised, talked over, answered, learnt
from."""

from models.disputes.dispute import LIVE, OUTCOMES, REASONS, Dispute
from models.disputes.entry import DisputeEntry
from models.disputes.late import run_late
from models.disputes.outcome import TALKING
from models.disputes.statistics import statistics

__all__ = [
    "Dispute",
    "DisputeEntry",
    "LIVE",
    "OUTCOMES",
    "REASONS",
    "TALKING",
    "run_late",
    "statistics",
]
