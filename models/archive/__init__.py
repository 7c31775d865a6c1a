"""Papers that last: filed, kept, and destroyed by rule."""
from models.archive.external_file import ExternalFile, ExternalVersion
from models.archive.filing import Filing
from models.archive.folder import CLASSES, Folder
from models.archive.naming import FilingRule

__all__ = ["CLASSES", "ExternalFile", "ExternalVersion", "Filing", "FilingRule", "Folder"]
