"""Keeping the house in order: daily checks and their findings, the handbook, training."""

from models.governance.finding import Finding
from models.governance.handbook import Acknowledgement, HouseText
from models.governance.own_section import OwnSection
from models.governance.training import Requirement, Training

__all__ = ["Acknowledgement", "Finding", "HouseText", "OwnSection", "Requirement", "Training"]
