"""Wake a background worker at once, instead of at its next regular look."""

import threading

_events = {}
_ending = threading.Event()


def event(worker):
    """What the worker of this name waits for."""
    return _events.setdefault(worker, threading.Event())


def wake(worker):
    """Have the worker look now. May be called just before the commit of what it is to find: it
    looks again a moment later."""
    event(worker).set()


def end():
    """The process is to end: whoever waits here looks up at once."""
    _ending.set()
    for worker in list(_events):
        wake(worker)


def ending():
    """Whether to begin nothing more."""
    return _ending.is_set()


def pause(seconds):
    """Wait, but not beyond the end."""
    _ending.wait(seconds)
