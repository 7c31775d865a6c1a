from models.adapters.tables.heads import plain, simplified
from models.adapters.tables.reading import parse, read
from models.adapters.tables.table import CHOICES, Table

__all__ = ["CHOICES", "Table", "parse", "plain", "read", "simplified"]
