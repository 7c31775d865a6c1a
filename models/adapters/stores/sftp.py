"""A place on a server that speaks SFTP."""

import contextlib
import hashlib
import io
import posixpath
import socket
import stat
import uuid

import paramiko

from models.adapters.stores.errors import PATIENCE, Missing, Unreachable


class Store:
    """A server that speaks SFTP. Its key is remembered the first time; another one is refused
    later."""

    several = 1  # one SSH channel answers one request after the other

    def __init__(self, settings, secret="", begin=False):
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
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        with contextlib.suppress(paramiko.SSHException, ValueError):
            return kind.from_private_key(io.StringIO(text))
    raise Unreachable("the private key cannot be read")
