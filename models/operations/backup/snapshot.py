"""A consistent snapshot of the firm while people work: the dump, its sums, and the keys and
settings that a new machine needs."""

import json
import os
from pathlib import Path

from config import VERSION
from models.adapters import blobs
from models.core import journal
from models.core.installation import Installation
from models.operations.backup import dump

_current = {"folder": None, "config": {}}
RESTORING = "restoring.json"
KEPT_SETTINGS = (
    "BASE_URL",
    "HOST",
    "PORT",
    "SMTP_URL",
    "MAIL_FROM",
    "TRUSTED_PROXY",
    "DATABASE_URL",
    "FILES_URL",
)


def use(config):
    """The data folder and the settings that a backup carries."""
    _current.update(folder=Path(config["DATA_DIR"]), config=config)


def restoring():
    """Whether a restore of this host is exchanging the rows, so that they cannot be relied on
    yet."""
    return (folder() / RESTORING).exists()


def restoring_anywhere():
    """The same on any host of the portal. What a host that died left stands until that host starts
    again, or another one restores."""
    return restoring() or Installation.read(RESTORING) != ""


def folder():
    return _current["folder"]


def config():
    return _current["config"]


class Damaged(Exception):
    """The database itself is damaged, so no backup of it is made."""


def take(scratch, write, thorough=True):
    """Write start.json into `scratch`, and by `write(source)` the rows; returns the manifest. The
    anchors are read first and the files listed last, so that every event that an anchor names, and
    every file that a row names, is in the snapshot. `thorough`: refused when the file is damaged,
    which takes longer than the rest."""
    scratch = Path(scratch)
    start = {
        "anchors": "".join(f"{line}\n" for line in journal.anchor_lines(folder())),
        "secret_key": config()["SECRET_KEY"],
        "settings": {n: str(config().get(n, "")) for n in KEPT_SETTINGS},
    }
    with dump.opened() as source, source.reading():
        if thorough and (found := source.integrity()) != "ok":
            raise Damaged(f"the database is damaged: {found[:200]}")
        written = write(source)
        sums, schema = dump.sums(source), source.migrations()
    handle = os.open(scratch / "start.json", os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as out:
        json.dump(start, out)
    return {
        "format": dump.FORMAT,
        "version": VERSION,
        "schema": schema,
        **written,
        "sums": sums,
        "files": blobs.listing(),
    }


def take_dump(scratch):
    """take() with all rows in dump.gz."""
    return take(scratch, lambda source: {"tables": dump.write(source, Path(scratch, "dump.gz"))})
