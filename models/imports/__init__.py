"""Importing customers, products and historical documents from XLSX and CSV."""

from models.imports.import_mapping import ImportMapping
from models.imports.importing import Import, ImportCorrection, ImportedRow

__all__ = ["Import", "ImportCorrection", "ImportMapping", "ImportedRow"]
