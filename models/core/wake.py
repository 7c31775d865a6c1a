"""Wake a background worker at once, instead of at its next regular look."""

import threading

_events = {}


def event(worker):
    """What the worker of this name waits for."""
    return _events.setdefault(worker, threading.Event())


def wake(worker):
    """Have the worker look now. May be called just before the commit of what it is to find: it
    looks again a moment later."""
    event(worker).set()
