"""The kinds of stores, their settings, and how one is opened."""

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
LOCATION = {
    "folder": ("path",),
    "s3": ("endpoint", "bucket", "prefix"),
    "sftp": ("host", "port", "path"),
    "webdav": ("url",),
}


def location_key(kind, settings):
    """The exact location: two stores with the same key would share one folder."""
    given = {
        "port": "22" if kind == "sftp" else "",
        **{name: value for name, value in settings.items() if value},
    }
    return tuple(
        os.path.realpath(given["path"])
        if kind == "folder"
        else str(given.get(name, "")).strip("/").lower()
        if name in ("host", "endpoint", "url")
        else str(given.get(name, "")).strip("/")
        for name in LOCATION[kind]
    )


def store_class(kind):
    """The class of this kind's stores. Refused when its driver is not installed."""
    return Folder if kind == "folder" else optional.load(f"models.adapters.stores.{kind}").Store


def open_store(kind, settings, secret="", begin=False):
    """The store. `begin` prepares it the first time; where the mark is missing later, another disk
    is mounted there."""
    return store_class(kind)(settings, secret, begin)
