"""What comes from outside is read in a process of its own: one for each job, which can open no file
and no socket and has limits of memory and time. A file that harms its reader harms nothing else."""

import contextlib
import logging
import signal
import threading
import time

from models.adapters.sandbox import frames, workers
from models.adapters.sandbox.limits import ANSWER, BYTES, FILE, JOBS, TABLE, WAIT
from models.core import database
from models.core.errors import Refused, refuse

log = logging.getLogger("danju.sandbox")
_free = threading.BoundedSemaphore(JOBS)


def call(function, data, *args, limits=FILE):
    """What the function returns for these bytes and JSON values: a JSON value, or bytes. It stands
    at the top of a module, or is named as "models.….function" so that the portal need not load it.
    Refused when it refuses, passes a limit, hangs or dies."""
    with contextlib.closing(_values(function, data, args, limits, False)) as values:
        return next(values)


def stream(function, data, *args, limits=TABLE):
    """The values that the function yields, one by one, so that never all of them are in memory.
    Close it when the rest is not wanted. Refused as `call` is, perhaps after the first values."""
    database.check_no_transaction("a file is read")
    return _values(function, data, args, limits, True)


def _values(function, data, args, limits, streamed):
    database.check_no_transaction("a file is read")
    request = _request(function, args, limits, streamed)
    _free.acquire(timeout=WAIT) or refuse("reading_busy")
    try:
        yield from _answer(request, data, limits)
    except TimeoutError:
        refuse("reading_time", most=limits.wall)
    finally:
        _free.release()


def _request(function, args, limits, streamed):
    name = function if isinstance(function, str) else f"{function.__module__}.{function.__name__}"
    module, _dot, function = name.rpartition(".")
    return {
        "module": module,
        "function": function,
        "args": args,
        "limits": limits,
        "stream": streamed,
    }


def _answer(request, data, limits):
    """The values of a worker; of another one when the server was killed before it gave any."""
    for tries_left in (1, 0):
        worker, begun = workers.begin(), False
        try:
            for value in _values_of(worker.channel, request, data, limits):
                begun = True
                yield value
            return
        except TimeoutError:
            raise
        except (frames.Broken, OSError) as error:
            ended_by = worker.signal()
            if begun or ended_by is not None or not tries_left:
                _refuse_broken(error, ended_by, limits)
        finally:
            worker.end()


def _values_of(channel, request, data, limits):
    channel.settimeout(limits.wall)
    frames.send_json(channel, frames.VALUES, request)
    frames.send(channel, frames.BYTES, data)
    while True:
        database.check_no_transaction("a file is read")
        kind, content = frames.receive(channel, BYTES, time.monotonic() + limits.wall)
        if kind == frames.END:
            return
        if kind == frames.BYTES:
            yield content
        elif len(content) > ANSWER:
            raise frames.Broken(f"an answer of {len(content)} bytes")
        elif kind == frames.VALUES:
            yield from frames.parsed(content)
        elif kind == frames.REFUSED:
            code, facts = frames.parsed(content)
            raise Refused(code, **facts)
        else:
            log.info("a file could not be read: %s", content.decode(errors="replace"))
            refuse("reading_failed")


def _refuse_broken(error, ended_by, limits):
    """Say why the worker ended early."""
    log.warning("a worker that read a file ended early (signal %s): %s", ended_by, error)
    if ended_by == getattr(signal, "SIGXCPU", -1):
        refuse("reading_time", most=limits.cpu)
    if ended_by == signal.SIGABRT:  # so end readers in Rust and C++ that get no more memory
        refuse("reading_memory", most=limits.memory)
    refuse("reading_failed")
