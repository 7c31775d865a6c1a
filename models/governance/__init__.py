"""Keeping the house in order: daily checks and their findings, the handbook, training."""
from models.governance.finding import Finding

__all__ = ["Finding"]
