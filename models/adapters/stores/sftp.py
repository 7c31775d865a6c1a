"""A store on an SFTP server."""

import contextlib
import hashlib
import io
import posixpath
import socket
import stat
import uuid

import paramiko

from models.adapters.stores.errors import TIMEOUT, Missing, Unreachable


class Store:
    """An SFTP server. Its host key is stored the first time; another key is refused later."""

    parallel = 1  # one SSH channel answers one request after the other

    def __init__(self, settings, secret="", begin=False):
        self.root = settings["path"].rstrip("/") or "/"
        self.errors = (paramiko.SSHException, OSError, EOFError)
        with self._store_errors():
            connection = socket.create_connection(
                (settings["host"], int(settings.get("port") or 22)), timeout=TIMEOUT
            )
            self.transport = paramiko.Transport(connection)
            try:
                self.transport.banner_timeout = self.transport.auth_timeout = TIMEOUT
                self.transport.start_client(timeout=TIMEOUT)
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
                self.sftp.get_channel().settimeout(TIMEOUT)
                if begin:
                    self._make_folders(self.root)
            except BaseException:
                self.transport.close()
                raise

    @contextlib.contextmanager
    def _store_errors(self, key=""):
        try:
            yield
        except FileNotFoundError as error:
            raise Missing(key) from error
        except self.errors as error:
            raise Unreachable(f"{type(error).__name__}: {error}") from error

    def _path(self, key):
        return posixpath.join(self.root, key)

    def _make_folders(self, path):
        try:
            self.sftp.stat(path)
        except FileNotFoundError:
            self._make_folders(posixpath.dirname(path))
            with contextlib.suppress(OSError):
                self.sftp.mkdir(path, 0o700)

    def put(self, key, path):
        with self._store_errors(key):
            target = self._path(key)
            self._make_folders(posixpath.dirname(target))
            temporary = posixpath.join(posixpath.dirname(target), f".{uuid.uuid4().hex}")
            try:
                self.sftp.put(str(path), temporary)
                self.sftp.posix_rename(temporary, target)
            except BaseException:
                with contextlib.suppress(*self.errors):
                    self.sftp.remove(temporary)
                raise

    def get(self, key, path):
        with self._store_errors(key):
            self.sftp.get(self._path(key), str(path))

    def list(self, prefix):
        with self._store_errors(prefix):
            return dict(self._walk(prefix.strip("/")))

    def _walk(self, prefix):
        try:
            rows = self.sftp.listdir_attr(self._path(prefix))
        except FileNotFoundError:
            return
        for row in rows:
            key = posixpath.join(prefix, row.filename)
            if stat.S_ISDIR(row.st_mode):
                yield from self._walk(key)
            elif not row.filename.startswith("."):
                yield key, row.st_size

    def delete(self, key):
        with contextlib.suppress(Missing), self._store_errors(key):
            self.sftp.remove(self._path(key))

    def close(self):
        self.transport.close()


def _private_key(text):
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        with contextlib.suppress(paramiko.SSHException, ValueError):
            return kind.from_private_key(io.StringIO(text))
    raise Unreachable("the private key cannot be read")
