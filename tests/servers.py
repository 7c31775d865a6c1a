"""Real servers on this machine for what leaves it: S3 over HTTP (rclone), SFTP (paramiko),
WebDAV (wsgidav).

`python -m tests.servers <kind> <folder>` serves one in a process of its own and prints its address
for `flask restore`."""

import contextlib
import http.server
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import paramiko


@contextlib.contextmanager
def s3():
    """rclone's S3 over a folder of its own, open to every key: real HTTP, real boto3. Gives
    (address, bucket)."""
    with tempfile.TemporaryDirectory() as root, rclone(root, keys=()) as address:
        yield address, "firm"


class Disk(paramiko.SFTPServerInterface):
    """SFTP over a folder."""

    root = ""

    def _at(self, path):
        return self.root + self.canonicalize(path)

    def _try(self, deed):
        try:
            return deed()
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)

    def list_folder(self, path):
        at = self._at(path)
        return self._try(
            lambda: [
                paramiko.SFTPAttributes.from_stat(os.stat(os.path.join(at, n)), n)
                for n in os.listdir(at)
            ]
        )

    def stat(self, path):
        return self._try(lambda: paramiko.SFTPAttributes.from_stat(os.stat(self._at(path))))

    lstat = stat

    def open(self, path, flags, attr):
        def deed():
            handle = paramiko.SFTPHandle(flags)
            opened = os.fdopen(
                os.open(self._at(path), flags, 0o600), "rb" if not flags & os.O_WRONLY else "wb"
            )
            handle.readfile = handle.writefile = opened
            return handle

        return self._try(deed)

    def remove(self, path):
        return self._try(lambda: os.remove(self._at(path)) or paramiko.SFTP_OK)

    def posix_rename(self, old, new):
        return self._try(lambda: os.replace(self._at(old), self._at(new)) or paramiko.SFTP_OK)

    def mkdir(self, path, attr):
        return self._try(lambda: os.mkdir(self._at(path)) or paramiko.SFTP_OK)


class Doorman(paramiko.ServerInterface):
    def check_auth_password(self, username, password):
        return (
            paramiko.AUTH_SUCCESSFUL
            if (username, password) == ("danju", "secret")
            else paramiko.AUTH_FAILED
        )

    def check_channel_request(self, kind, chanid):
        return paramiko.OPEN_SUCCEEDED


@contextlib.contextmanager
def sftp(root):
    """A real SSH server with the SFTP subsystem over a folder; a new `key` in what it gives is
    another host key."""
    served = type("Served", (Disk,), {"root": str(root)})
    door, state = (
        socket.create_server(("127.0.0.1", 0)),
        {"key": paramiko.RSAKey.generate(2048), "open": []},
    )

    def serve():
        while True:
            try:
                link, _ = door.accept()
            except OSError:
                return
            transport = paramiko.Transport(link)
            transport.add_server_key(state["key"])
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, served)
            state["open"].append(transport)
            with contextlib.suppress(
                paramiko.SSHException, EOFError, OSError
            ):  # a client that turned away again
                transport.start_server(server=Doorman())

    threading.Thread(target=serve, daemon=True).start()
    state["port"] = door.getsockname()[1]
    yield state
    door.close()
    for transport in state["open"]:
        transport.close()


@contextlib.contextmanager
def webdav(root):
    """A WebDAV server over a folder; gives its address."""
    from cheroot import wsgi
    from wsgidav.wsgidav_app import WsgiDAVApp

    app = WsgiDAVApp(
        {
            "provider_mapping": {"/": str(root)},
            "simple_dc": {"user_mapping": {"*": {"danju": {"password": "secret"}}}},
            "verbose": 0,
            "logging": {"enable": False},
            "http_authenticator": {
                "accept_basic": True,
                "accept_digest": False,
                "default_to_digest": False,
            },
        }
    )
    server = wsgi.Server(("127.0.0.1", 0), app)
    server.prepare()
    threading.Thread(target=server.serve, daemon=True).start()
    yield f"http://127.0.0.1:{server.bind_addr[1]}/"
    server.stop()


@contextlib.contextmanager
def answering(handler):
    """An HTTP server that says nothing of its own. Gives its address, without a slash at the
    end."""
    handler.log_message = lambda *_: None
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextlib.contextmanager
def redirecting(code):
    """An HTTP server that sends everybody on to another address of it. Gives its address, and the
    list of the paths that were asked for."""
    seen = []

    class Answer(http.server.BaseHTTPRequestHandler):
        def __getattr__(self, name):
            return self.answer if name.startswith("do_") else super().__getattribute__(name)

        def answer(self):
            seen.append(self.path)
            self.send_response(code)
            self.send_header("Location", f"{address}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

    with answering(Answer) as address:
        yield f"{address}/", seen


@contextlib.contextmanager
def rclone(root, keys=("--auth-key", "firm-key,firm-secret")):
    """rclone's S3 over a folder: gives the address of its bucket `firm`."""
    (Path(root) / "firm").mkdir()
    server = subprocess.Popen(
        [
            Path(sys.executable).with_name("rclone"),
            "serve",
            "s3",
            "--addr",
            "127.0.0.1:0",
            *keys,
            "--config",
            os.devnull,
            "--vfs-cache-mode",
            "off",
            str(root),
        ],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        said = next(line for line in server.stderr if "Starting s3 server" in line)
        threading.Thread(target=server.stderr.read, daemon=True).start()
        yield re.search(r"http://[0-9.:]+", said)[0]
    finally:
        server.kill()
        server.wait()


@contextlib.contextmanager
def serving(kind, root):
    """The address of such a place as `flask restore` takes it."""
    if kind == "s3":
        with rclone(root) as address:
            yield f"s3://firm-key:firm-secret@firm/a/b?endpoint={address}"
    elif kind == "sftp":
        with sftp(root) as state:
            yield f"sftp://danju:secret@127.0.0.1:{state['port']}/backups/firm"
    elif kind == "webdav":
        with webdav(root) as address:
            yield address.replace("http://", "webdav://danju:secret@")
    else:
        yield str(root)


if __name__ == "__main__":
    with serving(*sys.argv[1:]) as told:
        print(told, flush=True)
        threading.Event().wait()
