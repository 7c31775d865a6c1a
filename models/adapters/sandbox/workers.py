"""Starts the processes that read files: one for each job, forked from a warm server; a new one each
time on Windows, which cannot fork."""

import multiprocessing.connection
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
_server = {"process": None, "control": None}
_lock = threading.Lock()


class Worker:
    """A job's process: its channel, and how it ended."""

    def __init__(self):
        self.channel, theirs = socket.socketpair()
        self._pipe, pipe = os.pipe()
        try:
            _send_job(theirs, pipe)
        finally:
            theirs.close()
            os.close(pipe)

    def signal(self):
        """The signal by which it ended, 0 for none or where it has not, None when the server has
        ended too."""
        if not multiprocessing.connection.wait([self._pipe], timeout=1):
            return 0
        told = os.read(self._pipe, 1)
        return told[0] if told else None

    def end(self):
        """Let the server kill it, if it has not ended."""
        self.channel.close()
        os.close(self._pipe)


class SpawnedWorker:
    """The same on Windows."""

    def __init__(self):
        self.channel, theirs = socket.socketpair()
        self._process = _start("models.adapters.sandbox.job", stdin=subprocess.PIPE)
        with self._process.stdin as told:
            told.write(theirs.share(self._process.pid))
        theirs.close()

    def signal(self):
        return signal.SIGTERM if self._process.wait() else 0

    def end(self):
        self.channel.close()
        self._process.kill()
        self._process.wait()


def begin():
    """A new worker that waits for its request."""
    return Worker() if hasattr(os, "fork") else SpawnedWorker()


def server_pid():
    """The process that forks the workers; None where it has not been started."""
    return _server["process"] and _server["process"].pid


def _send_job(channel, pipe):
    with _lock:
        for _try in range(2):
            _server["process"] or _start_server()
            try:
                socket.send_fds(_server["control"], [b"j"], [channel.fileno(), pipe])
                return
            except OSError:  # it was killed
                _end_server()
        raise RuntimeError("no process can be started that reads files")


def _end_server():
    _server["control"].close()
    _server["process"].kill()
    _server["process"].wait()
    _server["process"] = None


def _start_server():
    _server["control"], theirs = socket.socketpair()
    _server["process"] = _start(
        "models.adapters.sandbox.server",
        str(theirs.fileno()),
        pass_fds=[theirs.fileno()],
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C in the terminal ends the portal, and that ends it
    )
    theirs.close()


def _start(module, *args, **how):
    """Python running this module, without our settings: they hold secrets."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-m", module, *args],
        cwd=ROOT,
        env={**kept, "OPENBLAS_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        **how,
    )
