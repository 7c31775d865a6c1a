"""The worker of batches of statements: woken when someone starts one."""

import logging

from models.core.database import db
from models.receivables import statement_run

log = logging.getLogger("danju.jobs")
NAP = 30


def loop(app):
    """Do what waits, for ever. Who wakes it may do so just before the commit: look again a moment
    later."""
    while True:
        rung = statement_run.wake.wait(NAP)
        statement_run.wake.clear()
        for pause in (0.05, 0.3, 1) if rung else (0,):
            statement_run.wake.wait(pause)
            once(app)


def once(app):
    """One look at what waits."""
    try:
        with app.app_context(), db.connection_context():
            statement_run.run_waiting()
    except Exception:
        log.exception("statements could not be looked at")
