"""Bringing one's data: customers, products and historical papers from XLSX and CSV."""

from models.imports.importing import Import, ImportedRow

__all__ = ["Import", "ImportedRow"]
