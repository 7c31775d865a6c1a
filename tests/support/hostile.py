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


def open_a_socket(data):
    socket.create_connection(("127.0.0.1", 9))


def settings(data):
    return sorted(os.environ)


def numbers(data):
    return [os.getpid(), os.getppid()]


def number_then_hang(data):
    yield str(os.getpid()).encode()
    hang(data)
