"""Importing customers, products and historical documents from XLSX and CSV."""

from models.imports.importing import Import, ImportedRow

__all__ = ["Import", "ImportedRow"]
