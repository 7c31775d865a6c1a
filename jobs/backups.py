"""Filling the places for backups: by one process only, which renews its lease while it works."""

import contextlib
import os
import secrets
import threading

from jobs.guard import NOT_DUE
from models.company import Company
from models.core.database import db
from models.core.lease import Lease
from models.operations.backup import run

ME = f"{os.getpid()}-{secrets.token_hex(4)}"
HEARTBEAT = 20  # seconds


def fill_due():
    """Fill the places that are due, unless another process does or there is no firm yet."""
    if not (_hold_lease() and Company.current()):
        return NOT_DUE
    with heartbeat():
        run.run_due()


@contextlib.contextmanager
def heartbeat():
    """Renew the lease during the work, which may take hours."""
    finished = threading.Event()

    def beat():
        while not finished.wait(HEARTBEAT):
            with contextlib.suppress(Exception), db.connection_context():  # the next may succeed
                _hold_lease()

    threading.Thread(target=beat, name="backups' heart", daemon=True).start()
    try:
        yield
    finally:
        finished.set()


def _hold_lease():
    return Lease.hold("backups", ME)
