"""How each job is run: inside the app, with its failure logged and shown, and stopping no other."""

import logging

from models.core import disk
from models.core.database import db
from models.core.lease import Lease
from models.operations import moving
from models.operations.backup import snapshot

log = logging.getLogger("danju.jobs")
NOT_DUE = object()  # returned by a verb that had no turn, which says nothing of how the job goes


def run_guarded(app, name, verb, has_turn=lambda: True):
    """Run the verb; how it went is kept for the home page and /healthz. Nothing runs while the firm
    is being restored, or after it moved away."""
    try:
        with app.app_context(), db.connection_context():
            if moving.moved() or snapshot.restoring() or not has_turn():
                return
            try:
                if verb() is not NOT_DUE:
                    Lease.note_success(name)
            except Exception as error:
                log.exception("job %s failed", name)
                Lease.note(name, f"{type(error).__name__}: {error}")
    except Exception as error:
        # a full disk or a database that is away: the next run may find it working again
        disk.note_failure(error)
        log.error("job %s could not be begun or noted: %s", name, error)
