"""What speaks clamd's protocol: a server of ours, and the real one where it is installed."""

import contextlib
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

# The test file of the anti-virus makers, in two parts, so that no scanner takes this file for it.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd:
    """It finds EICAR; `says` answers instead, `most` is its StreamMaxLength."""

    def __init__(self, path):
        self.says, self.most, self.seen, self.hangs = None, 10 * 2**20, [], False
        self.address = f"unix:{path}"
        self.door = socket.socket(socket.AF_UNIX)
        self.door.bind(str(path))
        self.door.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                link, _address = self.door.accept()
            except OSError:
                return
            with link, contextlib.suppress(OSError):
                self._talk(link)

    def _talk(self, link):
        wanted = self._until_nul(link)
        if self.hangs:
            return link.recv(1)
        if wanted == b"zPING":
            return link.sendall(b"PONG\0")
        assert wanted == b"zINSTREAM", wanted
        data = b""
        while size := int.from_bytes(self._exactly(link, 4), "big"):
            data += self._exactly(link, size)
            if len(data) > self.most:
                return link.sendall(b"INSTREAM size limit exceeded. ERROR\0")
        self.seen.append(data)
        found = b"Eicar-Test-Signature FOUND" if EICAR in data else b"OK"
        link.sendall(self.says if self.says is not None else b"stream: " + found + b"\0")

    def _until_nul(self, link):
        said = b""
        while not said.endswith(b"\0"):
            said += self._exactly(link, 1)
        return said[:-1]

    def _exactly(self, link, size):
        data = b""
        while len(data) < size:
            part = link.recv(size - len(data))
            if not part:
                raise ConnectionResetError
            data += part
        return data

    def stop(self):
        self.door.close()


@contextlib.contextmanager
def real(most="1M"):
    """The address of Debian's clamd with a database of one signature; None where it is not
    installed."""
    program = shutil.which("clamd")
    if not program:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        (folder / "base").mkdir()
        (folder / "base" / "test.ndb").write_text(f"Eicar-Test-Signature:0:*:{EICAR.hex()}\n")
        config = {
            "LocalSocket": folder / "clamd.sock",
            "DatabaseDirectory": folder / "base",
            "Foreground": "yes",
            "User": "root",
            "StreamMaxLength": most,
            "LogFile": folder / "log",
        }
        (folder / "conf").write_text("".join(f"{k} {v}\n" for k, v in config.items()))
        served = subprocess.Popen([program, "--config-file", folder / "conf"])
        try:
            for _try in range(200):
                if (folder / "clamd.sock").exists() or served.poll() is not None:
                    break
                time.sleep(0.1)
            yield f"unix:{folder / 'clamd.sock'}"
        finally:
            served.kill()
            served.wait()
