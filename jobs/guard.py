"""How each job is run: inside the app, with its failure logged and shown, and stopping no other."""

import logging

from models.company import Company
from models.core import disk
from models.core.database import db
from models.core.lease import Lease
from models.operations import moving
from models.operations.backup import snapshot

log = logging.getLogger("danju.jobs")
NOT_DUE = object()  # returned by a verb that was not due: the last failure of its job still stands
_logged = {}  # {job: the failure whose traceback is in the log}


def run_guarded(app, name, verb, has_turn=lambda: True):
    """Run the verb and store how it went, for the home page and /healthz. Nothing runs while the
    firm is being restored, or after it moved away."""
    try:
        with app.app_context(), db.connection_context():
            if moving.moved() or snapshot.restoring_anywhere() or not has_turn():
                return
            Company.use_zone()
            try:
                if verb() is not NOT_DUE:
                    _logged.pop(name, None)
                    Lease.note_success(name)
            except Exception as error:
                disk.note_damage(error)
                failure = f"{type(error).__name__}: {error}"
                _log_failure(name, failure)
                Lease.note(name, failure)
    except Exception as error:
        # a full disk or a database that is away: the next run may find it working again
        disk.note_failure(error)
        disk.note_damage(error)
        log.error("job %s could not be begun or noted: %s", name, error)


def _log_failure(name, failure):
    """One line, with the traceback only where it is news: some jobs fail every half minute in the
    same way, such as printing a PDF that waits ten minutes for its next attempt."""
    is_new = _logged.get(name) != failure
    _logged[name] = failure
    log.error("job %s failed: %s", name, failure, exc_info=is_new)
