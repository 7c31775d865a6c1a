"""Where the bytes of backups lie: a folder, S3, SFTP, WebDAV, all with put, get, list and delete.

An object is there whole or not at all. Trouble of any kind is `Unreachable`, a missing object is
`Missing`."""

import concurrent.futures
import contextlib
import hashlib
import itertools
import os
import posixpath
import shutil
import socket
import stat
import threading
import uuid
from pathlib import Path
from urllib.parse import urlsplit

from models.base import refuse
from models.storage import sync_folder

MARK = "danju-place.txt"
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
PATIENCE = 30
SMALL = 8 * 2**20


def spot(kind, settings):
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


class Unreachable(Exception):
    """The place cannot be used now; the text says why."""


class Missing(Unreachable):
    """There is no such object, bucket or folder."""

    def __init__(self, key):
        super().__init__(f"{key or 'it'} is not there")


def open_store(kind, settings, secret="", begin=False):
    """The store. `begin` makes what is needed the first time: a later missing mark then means
    another disk."""
    return {"folder": Folder, "s3": S3, "sftp": Sftp, "webdav": Webdav}[kind](
        settings, secret, begin
    )


class Folder:
    """A folder of this machine, of another disk or of a network mount."""

    several = 4

    def __init__(self, settings, secret="", begin=False):
        self.root = Path(settings["path"])
        self.root.is_absolute() or refuse("place_path")
        try:
            if begin:
                self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
                (self.root / MARK).write_text(
                    "Backups of Danju. Restore: flask restore <this folder>\n"
                )
            elif not (self.root / MARK).exists():
                raise Unreachable(
                    f"{self.root} is not there, or not the disk it was: is it mounted?"
                )
        except OSError as error:
            raise Unreachable(str(error)) from error

    def put(self, key, path):
        target = self.root / key
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            fresh = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}")
            try:
                with open(path, "rb") as source, open(fresh, "wb") as out:
                    shutil.copyfileobj(source, out, 2**20)
                    out.flush()
                    os.fsync(out.fileno())
                os.replace(fresh, target)
            finally:
                fresh.unlink(missing_ok=True)
            sync_folder(target.parent)
        except OSError as error:
            raise Unreachable(str(error)) from error

    def get(self, key, path):
        try:
            shutil.copyfile(self.root / key, path)
        except FileNotFoundError as error:
            raise Missing(key) from error
        except OSError as error:
            raise Unreachable(str(error)) from error

    def list(self, prefix):
        try:
            base = self.root / prefix
            return {
                str(p.relative_to(self.root).as_posix()): p.stat().st_size
                for p in base.rglob("*")
                if p.is_file() and not p.name.startswith(".")
            }
        except OSError as error:
            raise Unreachable(str(error)) from error

    def delete(self, key):
        try:
            (self.root / key).unlink(missing_ok=True)
        except OSError as error:
            raise Unreachable(str(error)) from error
        if key.startswith(
            "backups/"
        ):  # a name of its own, so that nobody writes there now, as one might to the files
            with contextlib.suppress(OSError):
                (self.root / key).parent.rmdir()

    def close(self):
        """Nothing is open."""


def by_several(store, things, deed, tick=lambda part: None):
    """Do it to each, as many at a time as the store bears: most of it is waiting for a disk or a
    network. The first fall ends it and is raised."""
    with concurrent.futures.ThreadPoolExecutor(store.several) as pool:
        waiting = iter(things)
        running = {
            pool.submit(deed, thing) for thing in itertools.islice(waiting, store.several * 4)
        }
        done, total = 0, len(things)
        try:
            while running:
                ended, running = concurrent.futures.wait(
                    running, return_when=concurrent.futures.FIRST_COMPLETED
                )
                for one in ended:
                    one.result()
                    done += 1
                    if not (done % 20):
                        tick(done / total)
                running |= {
                    pool.submit(deed, thing) for thing in itertools.islice(waiting, len(ended))
                }
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def s3_client(endpoint="", region="", key_id="", secret=""):
    """A client with short patience, so that a dead network is told soon; without a key, the
    machine's own role is used."""
    import boto3
    from botocore.config import Config

    return boto3.client(
        "s3",
        endpoint_url=endpoint or None,
        region_name=region or "us-east-1",
        aws_access_key_id=key_id or None,
        aws_secret_access_key=secret or None,
        config=Config(
            connect_timeout=10,
            read_timeout=60,
            retries={"max_attempts": 3},
            s3={"addressing_style": "path"} if endpoint else {},
        ),
    )


@contextlib.contextmanager
def s3_trouble(key=""):
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] in ("404", "NoSuchKey", "NotFound"):
            raise Missing(key) from error
        raise Unreachable(str(error)) from error
    except (BotoCoreError, OSError) as error:
        raise Unreachable(str(error)) from error


class S3:
    """Any storage that speaks S3."""

    several = 4

    def __init__(self, settings, secret="", begin=False):
        self.bucket, self.prefix = settings["bucket"], settings.get("prefix", "").strip("/")
        with s3_trouble(self.bucket):
            self.client = s3_client(
                settings.get("endpoint"), settings.get("region"), settings.get("key_id"), secret
            )
            if begin:
                self.client.list_objects_v2(
                    Bucket=self.bucket, MaxKeys=1
                )  # its answer tells what is wrong, that to HEAD only a number

    def _at(self, key):
        return f"{self.prefix}/{key}" if self.prefix else key

    def put(self, key, path):
        with s3_trouble(key):
            if Path(path).stat().st_size <= SMALL:
                self.client.put_object(
                    Bucket=self.bucket, Key=self._at(key), Body=Path(path).read_bytes()
                )
            else:
                self.client.upload_file(str(path), self.bucket, self._at(key))

    def get(self, key, path):
        """A small object in one request; a large one, or one whose answer broke off, in parts that
        are each tried again."""
        with s3_trouble(key):
            if (data := self._whole(key)) is None:
                self.client.download_file(self.bucket, self._at(key), str(path))
            else:
                Path(path).write_bytes(data)

    def _whole(self, key):
        from botocore.exceptions import BotoCoreError

        answer = self.client.get_object(Bucket=self.bucket, Key=self._at(key))
        with contextlib.closing(answer["Body"]) as body, contextlib.suppress(BotoCoreError):
            return body.read() if answer["ContentLength"] <= SMALL else None

    def list(self, prefix):
        found, skip = {}, len(self.prefix) + 1 if self.prefix else 0
        with s3_trouble(prefix):
            for page in self.client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=self._at(prefix)
            ):
                found.update({o["Key"][skip:]: o["Size"] for o in page.get("Contents", ())})
        return found

    def delete(self, key):
        with s3_trouble(key):
            self.client.delete_object(Bucket=self.bucket, Key=self._at(key))

    def close(self):
        self.client.close()


class Sftp:
    """A server that speaks SFTP. Its key is remembered the first time; another one is refused
    later."""

    several = 1  # one SSH channel answers one request after the other

    def __init__(self, settings, secret="", begin=False):
        import paramiko

        self.root = settings["path"].rstrip("/") or "/"
        self.errors = (paramiko.SSHException, OSError, EOFError)
        with self._trouble():
            link = socket.create_connection(
                (settings["host"], int(settings.get("port") or 22)), timeout=PATIENCE
            )
            self.transport = paramiko.Transport(link)
            try:
                self.transport.banner_timeout = self.transport.auth_timeout = PATIENCE
                self.transport.start_client(timeout=PATIENCE)
                seen = hashlib.sha256(self.transport.get_remote_server_key().asbytes()).hexdigest()
                if begin:
                    settings["host_key"] = seen
                elif settings.get("host_key", seen) != seen:
                    raise Unreachable(
                        f"{settings['host']} shows another key than before: is it the same server?"
                    )
                if "PRIVATE KEY" in secret:
                    self.transport.auth_publickey(settings["user"], _private_key(secret))
                else:
                    self.transport.auth_password(settings["user"], secret)
                self.sftp = paramiko.SFTPClient.from_transport(self.transport)
                self.sftp.get_channel().settimeout(PATIENCE)
                if begin:
                    self._folders(self.root)
            except BaseException:
                self.transport.close()
                raise

    @contextlib.contextmanager
    def _trouble(self, key=""):
        try:
            yield
        except FileNotFoundError as error:
            raise Missing(key) from error
        except self.errors as error:
            raise Unreachable(f"{type(error).__name__}: {error}") from error

    def _at(self, key):
        return posixpath.join(self.root, key)

    def _folders(self, path):
        try:
            self.sftp.stat(path)
        except FileNotFoundError:
            self._folders(posixpath.dirname(path))
            with contextlib.suppress(OSError):
                self.sftp.mkdir(path, 0o700)

    def put(self, key, path):
        with self._trouble(key):
            target = self._at(key)
            self._folders(posixpath.dirname(target))
            fresh = posixpath.join(posixpath.dirname(target), f".{uuid.uuid4().hex}")
            try:
                self.sftp.put(str(path), fresh)
                self.sftp.posix_rename(fresh, target)
            except BaseException:
                with contextlib.suppress(*self.errors):
                    self.sftp.remove(fresh)
                raise

    def get(self, key, path):
        with self._trouble(key):
            self.sftp.get(self._at(key), str(path))

    def list(self, prefix):
        with self._trouble(prefix):
            return dict(self._walk(prefix.strip("/")))

    def _walk(self, prefix):
        try:
            rows = self.sftp.listdir_attr(self._at(prefix))
        except FileNotFoundError:
            return
        for row in rows:
            key = posixpath.join(prefix, row.filename)
            if stat.S_ISDIR(row.st_mode):
                yield from self._walk(key)
            elif not row.filename.startswith("."):
                yield key, row.st_size

    def delete(self, key):
        with contextlib.suppress(Missing), self._trouble(key):
            self.sftp.remove(self._at(key))

    def close(self):
        self.transport.close()


def _private_key(text):
    import io

    import paramiko

    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        with contextlib.suppress(paramiko.SSHException, ValueError):
            return kind.from_private_key(io.StringIO(text))
    raise Unreachable("the private key cannot be read")


class Webdav:
    """A WebDAV folder, as many network drives and file hosts offer."""

    several = 4

    def __init__(self, settings, secret="", begin=False):
        import requests
        from webdav3.client import Client
        from webdav3.exceptions import RemoteParentNotFound, RemoteResourceNotFound, WebDavException

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
                "webdav_timeout": PATIENCE,
                "webdav_disable_check": True,
            }
        )
        self.made, self.making = set(), threading.RLock()
        if begin:
            with self._trouble(settings["url"]):
                self.client.list("/")

    @contextlib.contextmanager
    def _trouble(self, key=""):
        try:
            yield
        except self.missing as error:
            raise Missing(key) from error
        except self.errors as error:
            said = str(error).partition(" and message:")[0]  # the rest is the server's whole page
            raise Unreachable(f"{type(error).__name__}: {said}") from error

    def _folders(self, folder):
        from webdav3.exceptions import MethodNotSupported

        with self.making:
            if folder and folder not in self.made:
                self._folders(posixpath.dirname(folder))
                with contextlib.suppress(
                    MethodNotSupported
                ):  # some say so of a folder that is there
                    self.client.execute_request("mkdir", f"/{folder}")  # client.mkdir() prints
                self.made.add(folder)

    def put(self, key, path):
        with self._trouble(key):
            self._folders(posixpath.dirname(key))
            fresh = posixpath.join(posixpath.dirname(key), f"part-{uuid.uuid4().hex}")
            self.client.upload_sync(remote_path=fresh, local_path=str(path))
            self.client.move(remote_path_from=fresh, remote_path_to=key, overwrite=True)

    def get(self, key, path):
        with self._trouble(key):
            self.client.download_sync(remote_path=key, local_path=str(path))

    def list(self, prefix):
        with self._trouble(prefix):
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
        with contextlib.suppress(Missing), self._trouble(key):
            self.client.clean(key)

    def close(self):
        self.client.session.close()
