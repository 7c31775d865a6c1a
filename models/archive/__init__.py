"""The archive: documents and files are filed, kept, and destroyed by rule."""

from models.archive.destruction import DestructionItem, DestructionList, DestructionWitness
from models.archive.external_file import ExternalFile, ExternalVersion
from models.archive.filing import Filing
from models.archive.folder import CLASSES, Folder
from models.archive.inspection import Inspection, InspectionFinding
from models.archive.legal_hold import LegalHold
from models.archive.naming import FilingRule
from models.archive.retention import RetentionRule
from models.archive.tax_invoice import EInvoice
from models.archive.withdrawing import withdraw
from models.archive.year_package import YearPackage

__all__ = [
    "CLASSES",
    "DestructionItem",
    "DestructionList",
    "DestructionWitness",
    "EInvoice",
    "ExternalFile",
    "ExternalVersion",
    "Filing",
    "FilingRule",
    "Folder",
    "Inspection",
    "InspectionFinding",
    "LegalHold",
    "RetentionRule",
    "YearPackage",
    "withdraw",
]
