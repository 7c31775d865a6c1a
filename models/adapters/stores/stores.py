"""Which kinds of places there are, and how one is opened."""

import os

from models.adapters.stores.folder import Folder
from models.core import optional

KINDS = ("folder", "s3", "sftp", "webdav")


FIELDS = {
    "folder": ("path",),
    "s3": ("endpoint", "region", "bucket", "prefix", "key_id"),
    "sftp": ("host", "port", "user", "path"),
    "webdav": ("url", "user"),
}


NEEDED = {
    "folder": ("path",),
    "s3": ("bucket",),
    "sftp": ("host", "user", "path"),
    "webdav": ("url",),
}


SPOT = {
    "folder": ("path",),
    "s3": ("endpoint", "bucket", "prefix"),
    "sftp": ("host", "port", "path"),
    "webdav": ("url",),
}


def location_key(kind, settings):
    """Where exactly a place keeps its things: two with the same answer would lie in one folder."""
    told = {
        "port": "22" if kind == "sftp" else "",
        **{name: value for name, value in settings.items() if value},
    }
    return tuple(
        os.path.realpath(told["path"])
        if kind == "folder"
        else str(told.get(name, "")).strip("/").lower()
        if name in ("host", "endpoint", "url")
        else str(told.get(name, "")).strip("/")
        for name in SPOT[kind]
    )


def store_class(kind):
    """The class of this kind's stores. Refused when its driver is not installed."""
    return Folder if kind == "folder" else optional.load(f"models.adapters.stores.{kind}").Store


def open_store(kind, settings, secret="", begin=False):
    """The store. `begin` makes what is needed the first time: a later missing mark then means
    another disk."""
    return store_class(kind)(settings, secret, begin)
