"""Where the bytes of backups lie: a folder, S3, SFTP, WebDAV, all with put, get, list and delete.

An object is there whole or not at all. Trouble of any kind is `Unreachable`, a missing object is
`Missing`."""

from models.adapters.stores.errors import MARK, PATIENCE, Missing, Unreachable
from models.adapters.stores.folder import Folder
from models.adapters.stores.several import parallel_map
from models.adapters.stores.stores import (
    FIELDS,
    KINDS,
    NEEDED,
    SPOT,
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
    "PATIENCE",
    "SPOT",
    "Unreachable",
    "location_key",
    "open_store",
    "parallel_map",
    "store_class",
]
