"""A real waitress server inside a test."""

import socket
import threading
from contextlib import contextmanager

from waitress import wasyncore
from waitress.server import create_server


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def serving(app, **settings):
    """The server, answering while the block runs. It is closed inside its own loop: closed from
    outside, the loop may be about to select on a socket that is gone."""
    server = create_server(app, **settings)
    loop = threading.Thread(target=server.run, daemon=True)
    loop.start()
    try:
        yield server
    finally:
        server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map, ignore_all=True))
        loop.join(10)
        server.task_dispatcher.shutdown(timeout=1)
