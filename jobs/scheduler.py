"""The table of what runs by the clock; a lease lets only one process run it. Long work, such as
backups, imports and printing, stands in worker.py."""

import contextlib
import datetime as dt
import logging
import os
import secrets
import time

import schedule

from jobs import daily, security_events, threads, worker
from jobs.guard import NOT_DUE, run_guarded
from models import disputes, dunning
from models.account_change import AccountChange
from models.adapters import bounces
from models.approvals import delegation, late
from models.archive import filing_by_rule, inspection
from models.care import contact_plan, feedback, follow_up, greeting
from models.company import Company
from models.core import disk, wake
from models.core.clock import local, now
from models.core.database import db
from models.core.lease import Lease
from models.documents import Document
from models.governance import check, report, training
from models.imports import Import
from models.insights import digest, monthly
from models.operations import checks
from models.operations.backup import post_restore
from models.operations.unchecked_file import UncheckedFile

log = logging.getLogger("danju.jobs")
MORNING = 7
ME = f"{os.getpid()}-{secrets.token_hex(4)}"
HEARTBEAT = 10  # seconds
LONGEST = 3 * 3600  # seconds; a job that runs longer hangs, and the lease is no longer renewed
# These wait for a network or read through everything, so they run beside the others.
LONG = ("read bounces", "unchecked files", "security events", "file by rule", "daily check")
_busy = {"since": None}  # on the clock that is never set


def table(app):
    """[(how often, name, verb)]"""
    data = app.config["DATA_DIR"]

    def key():  # read each time, since a restore changes it
        return app.config["SECRET_KEY"]

    return [
        (
            schedule.every(30).minutes,
            "payment reminders",
            lambda: dunning.run_by_clock(app.config["BASE_URL"]),
        ),
        (schedule.every(15).minutes, "late disputes", disputes.run_late),
        (
            schedule.every(10).minutes,
            "read bounces",
            lambda: post_restore.paused_after_restore() or bounces.read(app.config["IMAP_URL"]),
        ),
        (schedule.every(10).minutes, "unchecked files", UncheckedFile.check_waiting),
        (
            schedule.every(1).hours,
            "weekly digest",
            lambda: digest.mail_week(app.config["BASE_URL"]),
        ),
        (
            schedule.every(10).seconds,
            "security events",
            lambda: security_events.tell(app.config["SECURITY_URL"]),
        ),
        (schedule.every(5).minutes, "late approvals", late.run_late),
        (schedule.every(1).minutes, "changed accounts", AccountChange.run),
        (schedule.every(15).minutes, "absences begin", delegation.start_due),
        (schedule.every(10).minutes, "anchor the journal", lambda: checks.anchor(data, key())),
        (
            schedule.every(5).minutes,
            "file by rule",
            once_a_day("file by rule", 2, filing_by_rule.file_due),
        ),
        (
            schedule.every(5).minutes,
            "four tests of the archive",
            once_a_day("four tests of the archive", 3, inspection.start_by_clock),
        ),
        (
            schedule.every(5).minutes,
            "daily check",
            once_a_day("daily check", 4, lambda: daily.check(data, key())),
        ),
        (schedule.every(1).hours, "sweep staged rows", Import.sweep_staged),
        (schedule.every(1).hours, "contact plans", by_day(contact_plan.plan_contacts)),
        (schedule.every(1).hours, "follow-ups due", by_day(follow_up.remind_due)),
        (schedule.every(1).hours, "greetings laid out", by_day(greeting.prepare)),
        (
            schedule.every(1).hours,
            "greetings due",
            by_day(lambda: greeting.send_due(app.config["BASE_URL"])),
        ),
        (
            schedule.every(1).hours,
            "surveys",
            by_day(lambda: feedback.ask_after_deliveries(app.config["BASE_URL"])),
        ),
        (
            schedule.every(1).hours,
            "surveys on complaints",
            by_day(lambda: feedback.ask_after_disputes(app.config["BASE_URL"])),
        ),
        (schedule.every(1).hours, "empty drafts", by_day(Document.discard_all_untouched)),
        (schedule.every(1).hours, "keep imports", by_day(Import.keep_due)),
        (schedule.every(1).hours, "training", by_day(training.run)),
        (schedule.every(1).hours, "daily checks", by_day(check.run)),
        (schedule.every(1).hours, "inspection report", by_day(report.mail_monthly)),
        (schedule.every(1).hours, "the month on one page", by_day(monthly.run_due)),
        (schedule.every(1).hours, "weekly anchor mail", lambda: checks.mail_anchor(data, key())),
    ]


def by_day(verb):
    """The verb, from the morning on in the firm's zone. It runs each hour, so it must be safe to
    repeat."""
    return lambda: verb() if Company.current() and local(now()).hour >= MORNING else NOT_DUE


def once_a_day(name, hour, verb):
    """The verb, once a day from this hour on in the firm's zone, by one process of several; when
    it fails, again each hour. Where the machine is off at night, it runs in the morning."""

    def run():
        local_now = local(now())
        if not (
            Company.current()
            and local_now.hour >= hour
            and Lease.claim_day(f"day {name}", local_now.date())
        ):
            return NOT_DUE
        verb()
        return Lease.finish_day(f"day {name}")

    return run


def guarded(app, name, verb):
    """The verb, run by the process that holds the lease."""
    return lambda: run_guarded(app, name, verb, has_turn=_hold_lease)


def _hold_lease():
    has_lease = Lease.hold("scheduler", ME)
    if has_lease:
        disk.note_success()  # it was written just now
    return has_lease


def release_lease():
    """Let another process, or a command, have the lease at once."""
    Lease.release("scheduler", ME)


def start(app):
    """Start the scheduler, the workers, and what watches over both. The first process holds the
    lease at once."""
    with app.app_context(), disk.if_writable(), db.connection_context():
        _hold_lease()
    for when, name, verb in table(app):
        run = guarded(app, name, verb)
        when.do(threads.beside(name, run) if name in LONG else run)
    threads.keep("scheduler", tick)
    worker.start(app)
    threads.keep("heart", lambda: beat(app))
    return now()


def tick():
    """Run what is due, each second."""
    seen = dt.datetime.now()
    while not wake.ending():
        seen = follow_clock(seen)
        _busy["since"] = time.monotonic()
        try:
            schedule.run_pending()
        except Exception:  # the database cannot even be opened; later it may be
            log.exception("the clock's jobs could not be begun")
        finally:
            _busy["since"] = None
        wake.pause(1)


def follow_clock(seen):
    """The time that the host shows. Where that is before `seen`, as when a wrong clock is put right
    or summer time ends, what is due moves back with it: `schedule` would wait until the old time
    comes again."""
    shown = dt.datetime.now()  # as `schedule` reads it, without zone
    if shown < seen - dt.timedelta(seconds=1):
        log.warning("the clock was set back by %s", seen - shown)
        for job in schedule.get_jobs():
            job.next_run -= seen - shown
    return shown


def beat(app):
    """Renew the lease, however long a job takes, and begin again what has died."""
    while not wake.ending():
        wake.pause(HEARTBEAT)
        threads.revive()
        since = _busy["since"]
        if since is None or time.monotonic() - since < LONGEST:
            with contextlib.suppress(Exception), app.app_context(), db.connection_context():
                _hold_lease()
