"""Backups: several places, each proven by restoring from it."""

from models.operations.backup.backup import Backup
from models.operations.backup.place import Place

__all__ = ["Backup", "Place"]
