"""`flask serve`: bind the port, then start the clock; end without cutting anything off."""

import contextlib
import ctypes
import gc
import logging
import os
import signal
import time

import click
import waitress
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, MultiSocketServer

from jobs import channel, scheduler, threads
from models.adapters.printing.pool import end_workers
from models.core import disk, wake
from models.core.database import FORMS, db
from models.operations import serving_lock
from models.operations.backup import copied

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # of glibc's malloc.h
LARGE = 256 * 1024  # bytes
END_WITHIN = 8  # seconds; systemd and Docker kill what has not ended a little later


def run(app, arguments, announce, headers=None):
    """Serve until SIGTERM or Ctrl-C. `announce` tells where, once people can come; `headers` go
    with what waitress answers by itself."""
    share_memory()
    with serving_lock.serving():
        server = listen(app, arguments, headers or {})
        with app.app_context(), db.connection_context(), disk.if_writable():
            copied.rest_if_copied()
        put_aside()
        if app.config["WORK"] != "no":
            scheduler.start(app)
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: wake.end())
        announce()
        connections = _connections(server)
        while not wake.ending():
            wasyncore.loop(timeout=1, use_poll=True, map=connections, count=1)
        until = time.monotonic() + END_WITHIN
        _refuse_new(connections)
        while any(map(_is_busy, _channels(connections))) and time.monotonic() < until:
            wasyncore.loop(timeout=0.1, use_poll=True, map=connections, count=1)
        threads.end(until - time.monotonic())
        with contextlib.suppress(Exception), app.app_context(), db.connection_context():
            scheduler.release_lease()
        end_workers()
        # A normal exit would wait for the uploads of a running backup. Unfinished work is continued
        # at the next start, as after a power failure.
        logging.shutdown()
        os._exit(0)


def share_memory():
    """Let all threads take memory from two heaps. The C library gives each thread one of its own,
    and what a large page has used stays with the thread that made it. Before the first thread
    begins: the number of heaps is fixed then. Large blocks stay outside, as at the start; the
    library would soon take them from the heaps too, where each leaves a hole."""
    with contextlib.suppress(AttributeError, OSError, TypeError):  # another C library
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE)


def put_aside():
    """Let the garbage collector leave alone what is loaded now and lives to the end. Looking
    through it took a tenth of a second, mostly while a write held everybody else up."""
    gc.collect()
    gc.freeze()


def listen(app, arguments, headers):
    FORMS["most"] = arguments["threads"] - 2  # the others read, whoever writes
    try:
        server = waitress.create_server(app, **arguments)
    except OSError as error:
        raise click.ClickException(
            f"Danju cannot listen on {arguments['host']}, port {arguments['port']}: "
            f"{error.strerror or error}. Does it run already? Else set PORT or HOST."
        ) from error
    channel.guard(_connections(server), headers)
    return server


def _connections(server):
    """{file number: what waits for it}; a host name may stand for several addresses."""
    return server.map if isinstance(server, MultiSocketServer) else server._map


def _refuse_new(connections):
    """Close the sockets at which people come in, so that a proxy asks elsewhere at once."""
    for one in list(connections.values()):
        if isinstance(one, BaseWSGIServer):
            wasyncore.dispatcher.close(one)


def _channels(connections):
    return [one for one in list(connections.values()) if isinstance(one, HTTPChannel)]


def _is_busy(channel):
    """Whether a request is being received, worked on or answered."""
    return bool(channel.request or channel.requests or channel.total_outbufs_len)
