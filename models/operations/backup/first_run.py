"""Restoring from the first page of an empty portal: first a rehearsal, then the restore, each in a
thread whose progress the page shows."""

import contextlib
import copy
import datetime as dt
import logging
import threading
import time

from models.adapters import stores
from models.company import Company
from models.core.clock import local
from models.core.database import db
from models.core.errors import Refused, refuse
from models.operations.backup import keys, proof, restore, run

log = logging.getLogger("danju.backup")
_work = {"now": None, "before": None}
_lock = threading.Lock()


def current():
    """A copy of the present or last work, or None. A copy does not change while the page is
    rendered."""
    return copy.copy(_work["now"])


def start_rehearsal(kind, settings, secret, key, name="", browser=""):
    """Rehearse the restore in the background. Refused while other work runs or a firm exists."""
    work = _work_of(kind, settings, secret, key, name, browser)
    if not work.identity:
        keys.read(key)
    return _start(work, "looking")


def list_backups(kind, settings, secret, key, browser=""):
    """[(name, taken at)] of the backups there, newest first. The input is remembered for the
    rehearsal that follows."""
    Company.current() is None or refuse("already_set_up")
    work = _work_of(kind, settings, secret, key, "", browser)
    with contextlib.closing(stores.open_store(kind, dict(settings), work.secret)) as store:
        found = [(row["name"], row["taken_at"]) for row in reversed(proof.found(store))]
    work.names, _work["before"] = found, work
    return found or refuse("no_backup_there")


def last_attempt(browser):
    """The last attempt of this browser, or None. Nobody is signed in yet, so others who open the
    page must neither see the address nor use the input. Secrets are kept in memory and shown on no
    page."""
    work = _work["before"]
    return work if work and browser and work.browser == browser else None


def _work_of(kind, settings, secret, key, name, browser):
    """An empty field keeps its earlier input; the password only for the same place, so that it is
    not sent to another."""
    attempt = last_attempt(browser)
    secret = secret or (
        attempt.secret if attempt and (attempt.kind, attempt.settings) == (kind, settings) else ""
    )
    identity = keys.read(key) if key else attempt and attempt.identity
    return RestoreWork(kind, settings, secret, identity, name, browser)


def start_restore():
    """Restore the rehearsed backup."""
    work = _work["now"]
    work and work.phase == "looked" and not work.report["files_lost"] or refuse("no_backup_there")
    return _start(work, "restoring")


def start_over():
    """Go back to the form, with its input."""
    with _lock:
        if _work["now"] and _work["now"].busy:
            refuse("restore_running")
        _work.update(now=None, before=_work["now"] or _work["before"])


def forget_attempt():
    """Forget the input: a firm was set up without a restore."""
    _work["before"] = None


def _start(work, phase):
    with _lock:
        Company.current() is None or refuse("already_set_up")
        if _work["now"] and _work["now"].busy:
            refuse("restore_running")
        work.phase, work.part, work.trouble = phase, 0, ""
        _work["now"] = work
    threading.Thread(target=work.run, name="restore", daemon=True).start()
    return work


class RestoreWork:
    """looking → looked → restoring → done, or failed."""

    def __init__(self, kind, settings, secret, identity, name, browser=""):
        self.kind, self.settings, self.secret, self.identity, self.name, self.browser = (
            kind,
            settings,
            secret,
            identity,
            name,
            browser,
        )
        self.typed, self.names = name, ()
        self.phase, self.part, self.report, self.trouble, self.refused, self.ended = (
            "",
            0,
            None,
            "",
            None,
            0,
        )

    @property
    def fresh(self):
        """Whether its page may still be seen when the firm exists: until ten minutes after the
        end."""
        return (
            self.phase == "restoring"
            or self.phase == "done"
            and time.monotonic() - self.ended < 600
        )

    @property
    def busy(self):
        return self.phase in ("looking", "restoring")

    @property
    def taken_at(self):
        """When the backup was taken, in the time zone of its firm, as there is no firm here yet."""
        return local(dt.datetime.fromisoformat(self.report["taken_at"]), self.report["zone"])

    def run(self):
        self.refused = None
        try:
            with (
                db.connection_context(),
                contextlib.closing(
                    stores.open_store(self.kind, dict(self.settings), self.secret)
                ) as store,
            ):
                facts = restore.chosen(store, self.name or None)
                if self.phase == "looking":
                    with run.scratch() as folder:
                        self.report = restore.rehearse(
                            store, facts, self.identity, folder, self._tick
                        )[1]
                    self.name, self.phase = facts["name"], "looked"
                else:
                    self.report = restore.restore(store, facts, self.identity, tick=self._tick)
                    self.secret, self.identity, _work["before"] = "", None, None
                    self.ended, self.phase = time.monotonic(), "done"
        except Refused as error:
            self.identity = None if error.code == "recovery_key_wrong" else self.identity
            self.refused, self.phase = error, "failed"
        except (stores.Unreachable, proof.Unproven, keys.WrongKey) as error:
            self.trouble, self.phase = str(error), "failed"
        except Exception as error:
            log.exception("the restore failed")
            self.trouble, self.phase = f"{type(error).__name__}: {error}", "failed"

    def _tick(self, part):
        self.part = part
