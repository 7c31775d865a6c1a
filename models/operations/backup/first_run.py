"""Restoring from the first page of an empty portal: first a rehearsal, then the restore, each in a
thread of one host. How far it has come stands in the database, so that any host shows it."""

import contextlib
import datetime as dt
import json
import logging
import threading
import time

import peewee as pw

from models.adapters import stores
from models.company import Company
from models.core import sealing
from models.core.clock import local, now
from models.core.database import db, waiting
from models.core.errors import Refused, refuse
from models.core.installation import Installation
from models.operations.backup import keys, proof, restore, run, snapshot

log = logging.getLogger("danju.backup")
NOW, BEFORE = "restore", "restore before"  # the present or last work, and what was typed before
PURPOSE = "danju first restore"
SILENCE = dt.timedelta(minutes=10)  # after which the host that works is taken for dead
_here = {"work": None}  # the work of this host, which is further than what it has written
_lock = threading.Lock()


def current():
    """The present or last work, or None."""
    here = _here["work"]
    return RestoreWork.of(here.facts()) if here and here.busy else _stored(NOW)


def _stored(name):
    text = Installation.read(name)
    return RestoreWork.of(json.loads(text)) if text else None


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
    work.names = found
    work.keep(BEFORE)
    return found or refuse("no_backup_there")


def last_attempt(browser):
    """The last attempt of this browser, or None. Nobody is signed in yet, so others who open the
    page must neither see the address nor use the input. Secrets are kept sealed and shown on no
    page."""
    work = _stored(BEFORE)
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
    work = current()
    work and work.phase == "looked" and not work.report["files_lost"] or refuse("no_backup_there")
    return _start(work, "restoring")


def start_over():
    """Go back to the form, with its input."""
    with _lock:
        work = current()
        if work:
            work.busy and refuse("restore_running")
            work.keep(BEFORE)
        Installation.forget(NOW)


def forget_attempt():
    """Forget the input: a firm was set up without a restore."""
    Installation.forget(BEFORE)


def _start(work, phase):
    with _lock:
        Company.current() is None or refuse("already_set_up")
        before = current()
        before and before.busy and refuse("restore_running")
        work.phase, work.part, work.trouble = phase, 0, ""
        work.keep(NOW)
        _here["work"] = work
    threading.Thread(target=work.run, name="restore", daemon=True).start()
    return work


class RestoreWork:
    """looking → looked → restoring → done, or failed."""

    PLAIN = "kind settings name browser typed names phase part report trouble".split()

    def __init__(self, kind, settings, secret, identity, name, browser=""):
        self.kind, self.settings, self.name, self.browser = kind, settings, name, browser
        self.secret, self.identity = secret, identity
        self.typed, self.names = name, ()
        self.phase, self.part, self.report, self.trouble = "", 0, None, ""
        self.refused, self.at, self._kept = None, now(), 0

    @classmethod
    def of(cls, facts):
        """As it was kept."""
        work = cls(facts["kind"], facts["settings"], *_unsealed(facts["sealed"]), facts["name"])
        vars(work).update({name: facts[name] for name in cls.PLAIN})
        work.at = dt.datetime.fromisoformat(facts["at"])
        work.refused = facts["refused"] and Refused(facts["refused"][0], **facts["refused"][1])
        return work

    def facts(self):
        refused = self.refused and (self.refused.code, self.refused.facts)
        sealed = json.dumps([self.secret, str(self.identity or "")])
        return {
            **{name: getattr(self, name) for name in self.PLAIN},
            "at": self.at.isoformat(),
            "refused": refused,
            "sealed": sealing.seal(sealed, snapshot.config()["SECRET_KEY"], PURPOSE),
        }

    def keep(self, name):
        Installation.write(name, json.dumps(self.facts()))

    @property
    def fresh(self):
        """Whether its page may still be seen when the firm exists: until ten minutes after the
        end."""
        ended = self.phase == "done" and now() - self.at < dt.timedelta(minutes=10)
        return self.phase == "restoring" or ended

    @property
    def busy(self):
        return self.phase in ("looking", "restoring") and now() - self.at < SILENCE

    @property
    def taken_at(self):
        """When the backup was taken, in the time zone of its firm, as there is no firm here yet."""
        return local(dt.datetime.fromisoformat(self.report["taken_at"]), self.report["zone"])

    def run(self):
        self.refused = None
        with db.connection_context():
            try:
                self._work()
            except Refused as error:
                self.identity = None if error.code == "recovery_key_wrong" else self.identity
                self.refused, self.phase = error, "failed"
            except (stores.Unreachable, proof.Unproven, keys.WrongKey) as error:
                self.trouble, self.phase = str(error), "failed"
            except Exception as error:
                log.exception("the restore failed")
                self.trouble, self.phase = f"{type(error).__name__}: {error}", "failed"
            self.at = now()
            self.keep(NOW)

    def _work(self):
        store = stores.open_store(self.kind, dict(self.settings), self.secret)
        with contextlib.closing(store):
            facts = restore.chosen(store, self.name or None)
            if self.phase == "looking":
                with run.scratch() as folder:
                    report = restore.rehearse(store, facts, self.identity, folder, self._tick)[1]
                self.report, self.name, self.phase = report, facts["name"], "looked"
            else:
                self.report = restore.restore(store, facts, self.identity, tick=self._tick)
                self.secret, self.identity, self.phase = "", None, "done"
                forget_attempt()

    def _tick(self, part):
        """Note it each second, unless the exchange of the rows holds the database just now."""
        self.part, self.at = part, now()
        if time.monotonic() - self._kept > 1:
            self._kept = time.monotonic()
            with contextlib.suppress(pw.OperationalError), waiting(0):
                self.keep(NOW)


def _unsealed(text):
    """(secret, identity); neither when they were sealed under the key of before the restore."""
    try:
        secret, key = json.loads(sealing.unseal(text, snapshot.config()["SECRET_KEY"], PURPOSE))
    except sealing.WrongKey:
        return "", None
    return secret, keys.read(key) if key else None
