"""The worker of imports: woken when someone starts one, so that nobody waits and mail goes out
meanwhile."""

import logging

from models.core.database import db
from models.imports import importing
from models.operations import moving

log = logging.getLogger("danju.jobs")
NAP = 30


def loop(app):
    """Do what waits, for ever. Who wakes it may do so just before the commit: look again a moment
    later."""
    while True:
        rung = importing.wake.wait(NAP)
        importing.wake.clear()
        for pause in (0.05, 0.3, 1) if rung else (0,):
            importing.wake.wait(pause)
            once(app)


def once(app):
    """One look at what waits."""
    try:
        with app.app_context(), db.connection_context():
            if moving.moved():
                return
            importing.give_up_interrupted()
            importing.run_waiting()
    except Exception:
        log.exception("imports could not be looked at")
