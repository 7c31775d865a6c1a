"""A store on a WebDAV server."""

import contextlib
import posixpath
import threading
import uuid
from urllib.parse import urlsplit

import requests
from webdav3.client import Client
from webdav3.exceptions import (
    MethodNotSupported,
    RemoteParentNotFound,
    RemoteResourceNotFound,
    WebDavException,
)

from models.adapters.stores.errors import TIMEOUT, Missing, Unreachable
from models.core.errors import refuse


class Store:
    """A WebDAV folder, as many network drives and file hosts offer."""

    parallel = 4

    def __init__(self, settings, secret="", begin=False):
        self.errors, self.missing = (
            (WebDavException, requests.RequestException, OSError),
            (RemoteResourceNotFound, RemoteParentNotFound),
        )
        url = urlsplit(settings["url"])
        url.scheme in ("http", "https") and url.hostname or refuse("place_url")
        self.client = Client(
            {
                "webdav_hostname": f"{url.scheme}://{url.netloc}",
                "webdav_root": url.path or "/",
                "webdav_login": settings.get("user") or None,
                "webdav_password": secret or None,
                "webdav_timeout": TIMEOUT,
                "webdav_disable_check": True,
            }
        )
        # The place that an administrator named is asked, never one that it sends us on to.
        self.client.session.max_redirects = 0
        self.made, self.lock = set(), threading.RLock()  # folders that exist
        if begin:
            with self._store_errors(settings["url"]):
                self.client.list("/")

    @contextlib.contextmanager
    def _store_errors(self, key=""):
        try:
            yield
        except self.missing as error:
            raise Missing(key) from error
        except self.errors as error:
            message = str(error).partition(" and message:")[0]  # what follows is an HTML page
            raise Unreachable(f"{type(error).__name__}: {message}") from error

    def _make_folders(self, folder):
        with self.lock:
            if folder and folder not in self.made:
                self._make_folders(posixpath.dirname(folder))
                # Some servers answer so when the folder exists.
                with contextlib.suppress(MethodNotSupported):
                    self.client.execute_request("mkdir", f"/{folder}")  # client.mkdir() prints
                self.made.add(folder)

    def put(self, key, path):
        with self._store_errors(key):
            self._make_folders(posixpath.dirname(key))
            temporary = posixpath.join(posixpath.dirname(key), f"part-{uuid.uuid4().hex}")
            self.client.upload_sync(remote_path=temporary, local_path=str(path))
            self.client.move(remote_path_from=temporary, remote_path_to=key, overwrite=True)

    def get(self, key, path):
        with self._store_errors(key):
            self.client.download_sync(remote_path=key, local_path=str(path))

    def list(self, prefix):
        with self._store_errors(prefix):
            return dict(self._walk(prefix.strip("/")))

    def _walk(self, folder):
        try:
            rows = self.client.list(f"{folder}/", get_info=True)
        except self.missing:
            return
        for row in rows:
            name = posixpath.basename(row["path"].rstrip("/"))
            key = posixpath.join(folder, name)
            if row["isdir"]:
                if name != posixpath.basename(folder):
                    yield from self._walk(key)
            elif not name.startswith("part-"):
                yield key, int(row["size"] or 0)

    def delete(self, key):
        with contextlib.suppress(Missing), self._store_errors(key):
            self.client.clean(key)

    def close(self):
        self.client.session.close()
