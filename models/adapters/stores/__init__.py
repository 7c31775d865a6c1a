"""Where backups are stored: a folder, S3, SFTP or WebDAV, each with put, get, list and delete.

An object is stored completely or not at all. A missing object raises `Missing`, any other error
`Unreachable`."""

from models.adapters.stores.errors import MARK, Missing, Unreachable
from models.adapters.stores.folder import Folder
from models.adapters.stores.parallel import parallel_map
from models.adapters.stores.stores import (
    FIELDS,
    KINDS,
    NEEDED,
    location_key,
    open_store,
    store_class,
)

__all__ = [
    "FIELDS",
    "Folder",
    "KINDS",
    "MARK",
    "Missing",
    "NEEDED",
    "Unreachable",
    "location_key",
    "open_store",
    "parallel_map",
    "store_class",
]
