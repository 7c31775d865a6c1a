"""The archive's worker: packages, inspections, erasing and reading, beside the clock."""

import logging

from models.archive import work
from models.core.database import db

log = logging.getLogger("danju.jobs")
NAP = 30


def loop(app):
    """Do what waits, for ever. Who wakes it may do so just before the commit: look again a moment
    later."""
    while True:
        rung = work.wake.wait(NAP)
        work.wake.clear()
        for pause in (0.05, 0.3, 1) if rung else (0,):
            work.wake.wait(pause)
            once(app)


def once(app):
    """One look at what waits."""
    try:
        with app.app_context(), db.connection_context():
            work.do_waiting()
    except Exception:
        log.exception("the archive's work could not be done")
