"""A data folder whose database is gone, as when a disk is not mounted or the address is wrong."""

from pathlib import Path

import peewee as pw

from models.adapters import blobs
from models.core.database import db
from models.core.errors import refuse
from models.operations.backup import snapshot, upgrade


def refuse_without_database():
    """Refused where a firm has worked but its database is not here: a new one would be begun in
    silence beside the old files."""
    anchors = snapshot.folder() / "anchors.jsonl"
    has_worked = anchors.exists() and anchors.stat().st_size > 0
    if isinstance(db.obj, pw.SqliteDatabase):
        path = Path(db.obj.database)
        if not (path.exists() and path.stat().st_size):
            if has_worked or not blobs.remote() and blobs.listing():
                refuse("database_lost", path=str(path))
            return
    if has_worked and not snapshot.restoring():
        with db.connection_context():
            upgrade.has_firm() or refuse("database_lost", path=db.obj.database)
