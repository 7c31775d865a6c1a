"""Backups: several places, each proven by restoring from it."""

from models.backup.backup import Backup
from models.backup.place import Place

__all__ = ["Backup", "Place"]
