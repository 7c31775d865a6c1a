"""Large files by a name of ours, such as year packages: in a folder of the data, or in the bucket
that all hosts share. They are made on the disk and streamed; no backup carries them."""

import os
from pathlib import Path

from models.adapters import blobs

_root = {"path": None}
FOLDER = "packages"


def use(folder):
    _root["path"] = Path(folder) / FOLDER
    _root["path"].mkdir(parents=True, exist_ok=True)


def path_of(name):
    """Where it is made, and where it stays without a bucket."""
    return _root["path"] / name


def publish(made, name):
    """Give the finished file its name, for all hosts."""
    if store := blobs.shared_store():
        store.send(f"{FOLDER}/{name}", made)
        made.unlink()
    else:
        os.replace(made, path_of(name))


def send_here(wanted):
    """Send to the bucket what lies on this host from before there was one, as far as it is
    wanted."""
    here = list(_root["path"].glob("*.zip")) if blobs.remote() else ()
    there = names() if here else ()
    for path in here:
        if path.name in wanted and path.name not in there:
            publish(path, path.name)
        path.unlink(missing_ok=True)


def names():
    """The names of all that there are."""
    if store := blobs.shared_store():
        return {name.removeprefix(f"{FOLDER}/") for name in store.names(f"{FOLDER}/")}
    return {path.name for path in _root["path"].glob("*.zip")}


def source(name):
    """What flask.send_file takes: a path, or a stream. Raises FileNotFoundError."""
    store = blobs.shared_store()
    return store.opened(f"{FOLDER}/{name}") if store else path_of(name)


def remove(name):
    """Delete it, wherever it lies; does nothing when it is gone already."""
    path_of(name).unlink(missing_ok=True)
    if store := blobs.shared_store():
        store.remove(f"{FOLDER}/{name}")
