"""Who must say yes before a paper is issued."""
from models.approvals.flow import ApprovalFlow, FlowStep
from models.approvals.request import ApprovalRequest
from models.approvals.task import Task

__all__ = ["ApprovalFlow", "ApprovalRequest", "FlowStep", "Task"]
