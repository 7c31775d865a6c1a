"""The worker of backups: a thread of its own, so that a slow place delays no mail."""

import contextlib
import datetime as dt
import logging
import os
import secrets
import threading

from models.company import Company
from models.core import disk
from models.core.database import db
from models.core.lease import Lease
from models.operations import moving
from models.operations.backup import run, snapshot

log = logging.getLogger("danju.jobs")
ME = f"{os.getpid()}-{secrets.token_hex(4)}"
NAP, BEAT = 30, 20


def loop(app):
    """Look at the start, every half minute, and at once when someone asked."""
    while True:
        once(app)
        run.wake.wait(NAP)
        run.wake.clear()


@contextlib.contextmanager
def heartbeat(app):
    """Hold the lease and show life as long as it takes: restoring a large firm for its proof says
    nothing for minutes."""
    over = threading.Event()

    def beat():
        while not over.wait(BEAT):
            with (
                contextlib.suppress(Exception),
                app.app_context(),
                db.connection_context(),
            ):  # the next beat may be heard
                Lease.hold("backups", ME, dt.timedelta(minutes=2))
                run.heartbeat()

    threading.Thread(target=beat, name="backups' heart", daemon=True).start()
    try:
        yield
    finally:
        over.set()


def once(app):
    """One look at which places are due."""
    try:
        with app.app_context(), db.connection_context():
            if (
                not moving.moved()
                and not snapshot.restoring()
                and Lease.hold("backups", ME, dt.timedelta(minutes=2))
                and Company.current()
            ):
                with heartbeat(app):
                    run.run_due()
                Lease.note("backup", "")
    except Exception as error:
        log.exception("backups could not be looked at")
        disk.trouble(error)
        with contextlib.suppress(Exception), app.app_context(), db.connection_context():
            Lease.note("backup", f"{type(error).__name__}: {error}")
