"""Runs in a process of its own: one function on one file, within its limits."""

import json
import os
import socket
import sys
from pathlib import Path

from models.adapters.sandbox import calls, frames
from models.adapters.sandbox.limits import BATCH, Limits
from models.core import optional
from models.core.errors import Refused

try:
    import resource
except ImportError:  # Windows knows none; there the portal's clock and the readers' counts hold
    resource = None

MOST_ASKED = 2**30


def run(channel):
    """Read the request, answer it, end. What goes wrong is told, never raised."""
    asked = frames.parsed(frames.receive(channel, MOST_ASKED)[1])
    data = frames.receive(channel, MOST_ASKED)[1]
    limits = Limits(*asked["limits"])
    try:
        function = getattr(optional.load(asked["module"]), asked["function"])
        confine(limits)
        answer = function(data, *asked["args"])
        _send_all(channel, answer if asked["stream"] else [answer])
        frames.send(channel, frames.END)
    except Refused as error:
        frames.send_json(channel, frames.REFUSED, [error.code, error.facts])
    except MemoryError:
        frames.send_json(channel, frames.REFUSED, ["reading_memory", {"most": limits.memory}])
    except RecursionError:
        frames.send_json(channel, frames.REFUSED, ["reading_depth", {}])
    except Exception as error:  # whatever a library stumbles over in a hostile file
        frames.send(channel, frames.FAILED, f"{type(error).__name__}: {error}"[:500].encode())


def confine(limits):
    """From here on this process opens no file and no socket, writes and deletes no file, starts and
    ends no process, and takes no more memory and time than these."""
    if resource is None:
        return
    taken = _address_space()
    most = {
        "RLIMIT_CPU": limits.cpu,
        "RLIMIT_FSIZE": 0,
        "RLIMIT_CORE": 0,
        "RLIMIT_NPROC": 0,
        "RLIMIT_NOFILE": 0,  # what is open stays so
        **({"RLIMIT_AS": taken + limits.memory * 2**20} if taken else {}),
    }
    for name, value in most.items():
        if hasattr(resource, name):
            # At the soft limit of time it is told by SIGXCPU, at the hard one it is killed.
            hard = value + (name == "RLIMIT_CPU")
            resource.setrlimit(getattr(resource, name), (value, hard))
    calls.confine()


def _address_space():
    """Bytes of addresses that this process has; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:  # macOS
        return 0


def _send_all(channel, values):
    """Bytes alone, other values as JSON lists of about BATCH characters."""
    waiting, size = [], 0
    for value in values:
        if not isinstance(value, bytes):
            waiting.append(json.dumps(value, ensure_ascii=False))
            size += len(waiting[-1])
        if isinstance(value, bytes) or size > BATCH:
            _send_list(channel, waiting)
            waiting, size = [], 0
        if isinstance(value, bytes):
            frames.send(channel, frames.BYTES, value)
    _send_list(channel, waiting)


def _send_list(channel, parts):
    if parts:
        frames.send(channel, frames.VALUES, f"[{','.join(parts)}]".encode("utf-8", "surrogatepass"))


if __name__ == "__main__":
    run(socket.fromshare(sys.stdin.buffer.read()))
