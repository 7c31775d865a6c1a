"""The worker of PDFs: woken when something is issued."""

import logging

from models import printed
from models.core.database import db

log = logging.getLogger("danju.jobs")
NAP = 30


def loop(app):
    """Do what waits, for ever. Who wakes it may do so just before the commit: look again a moment
    later."""
    while True:
        rung = printed.wake.wait(NAP)
        printed.wake.clear()
        for pause in (0.05, 0.3, 1) if rung else (0,):
            printed.wake.wait(pause)
            once(app)


def once(app):
    """One look at what waits."""
    try:
        with app.app_context(), db.connection_context():
            printed.print_waiting()
    except Exception:
        log.exception("not everything could be printed")
