"""Who must approve before a document is issued or voided, or before archived files are
destroyed."""

from models.approvals.comment import Comment
from models.approvals.deadline import SpecialDay
from models.approvals.delegation import Delegation
from models.approvals.flow import ApprovalFlow, FlowVersion
from models.approvals.request import ApprovalRequest
from models.approvals.step import FlowStep
from models.approvals.task import Task

__all__ = [
    "ApprovalFlow",
    "ApprovalRequest",
    "Comment",
    "Delegation",
    "FlowStep",
    "FlowVersion",
    "SpecialDay",
    "Task",
]
