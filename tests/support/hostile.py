"""Readers that do in a sandbox what a hostile file might make a reader do."""

import os
import signal
import socket
import time
from pathlib import Path

from models.core.errors import refuse


def echo(data, *args):
    return [len(data), *args]


def picture(data):
    return data[::-1]


def count(data, most):
    yield from ([n, "字"] for n in range(most))


def die(data):
    os.kill(os.getpid(), signal.SIGKILL)


def abort(data):
    os.abort()


def hang(data):
    time.sleep(600)


def spin(data):
    while True:
        pass


def swell(data, megabytes):
    return len(bytearray(megabytes * 2**20))


def nest(data):
    return nest(data)


def stumble(data):
    raise KeyError("secret")


def decline(data):
    refuse("too_many_rows", most=7)


def open_a_file(data):
    return Path("/etc/passwd").read_text()


def write_a_file(data, path):
    Path(path).write_text("x")


def attempt(data, call, path, process):
    """How the system refused it."""
    calls = {
        "unlink": lambda: os.unlink(path),
        "rename": lambda: os.rename(path, path + "-"),
        "chmod": lambda: os.chmod(path, 0o777),
        "truncate": lambda: os.truncate(path, 0),
        "mkdir": lambda: os.mkdir(path + "-"),
        "signal": lambda: os.kill(process, signal.SIGTERM),
        "stat": lambda: os.stat(path),
    }
    try:
        calls[call]()
    except OSError as error:
        return type(error).__name__
    return "done"


def open_a_socket(data):
    socket.create_connection(("127.0.0.1", 9))


def settings(data):
    return sorted(os.environ)


def numbers(data):
    return [os.getpid(), os.getppid()]


def number_then_hang(data):
    yield str(os.getpid()).encode()
    hang(data)
