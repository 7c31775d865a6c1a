"""The threads that run the jobs: each is begun again when it has died, and all end with the
process."""

import logging
import threading
import time

from models.core import wake

log = logging.getLogger("danju.jobs")
_running = {}  # {name: (what it runs, its thread)}


def keep(name, target):
    """Run the target in a thread of this name, which `revive` begins again."""
    thread = threading.Thread(target=target, name=name, daemon=True)
    _running[name] = (target, thread)
    thread.start()


def revive():
    """Begin again each thread that has died."""
    for name, (target, thread) in list(_running.items()):
        if not (thread.is_alive() or wake.ending()):
            log.error("the thread %s had died; it is begun again", name)
            keep(name, target)


def beside(name, run):
    """The function, run in a thread of its own, so that it holds up nothing else; not begun again
    while its last run goes on."""

    last = []

    def begin():
        if not any(thread.is_alive() for thread in last):
            last[:] = [threading.Thread(target=run, name=name, daemon=True)]
            last[0].start()

    return begin


def end(seconds):
    """Ask all to end, and wait for those that have something in hand. What takes longer than this
    is continued at the next start."""
    wake.end()
    until = time.monotonic() + seconds
    for _target, thread in list(_running.values()):
        thread.join(max(0, until - time.monotonic()))
