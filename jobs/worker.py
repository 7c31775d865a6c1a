"""The background workers: each kind of long work has its own thread, beside the scheduler's."""

from functools import partial

from jobs import backups, mail, pictures, threads
from jobs.guard import run_guarded
from models.archive import DestructionList, Inspection, YearPackage, erase, filing
from models.core import wake
from models.imports import Import
from models.printed import print_waiting
from models.receivables.statement_run import StatementRun

PAUSE = 30  # seconds between two runs when nobody wakes the worker
OFTEN = 2  # and on a host that works for others, which cannot wake it
AFTER_WAKING = (0.05, 0.3, 1)  # it may be woken just before the commit, so it runs again

WORKERS = [  # (thread, name of the job, verb), one thread doing its jobs in this order
    ("archive", "erase destroyed files", erase.erase_waiting),
    ("archive", "destruction certificates", DestructionList.certify_waiting),
    ("archive", "year packages", YearPackage.run_waiting),
    ("archive", "share year packages", YearPackage.share_files),
    ("archive", "read archived files", filing.read_waiting),
    ("archive", "archive inspections", Inspection.run_waiting),
    ("backups", "backup", backups.fill_due),
    ("mail", "deliver mail", mail.deliver_waiting),
    ("imports", "imports", Import.run_waiting),
    ("printing", "printing", print_waiting),
    ("pictures", "pictures of documents", pictures.make_waiting),
    ("statements", "statements", StatementRun.run_waiting),
]


def run_once(app, worker):
    """Run this worker's jobs once."""
    for name, job, verb in WORKERS:
        if name == worker:
            run_guarded(app, job, verb)


def loop(app, worker):
    """Run the jobs at the start, whenever woken, and every half minute."""
    woken, span = wake.event(worker), OFTEN if app.config["WORK"] == "only" else PAUSE
    run_once(app, worker)
    while not wake.ending():
        pauses = AFTER_WAKING if woken.wait(span) else (0,)
        woken.clear()
        for pause in pauses:
            woken.wait(pause)
            if not wake.ending():
                run_once(app, worker)


def start(app):
    """Start each worker in a thread of its own, so that none delays another or the mail."""
    for worker in dict.fromkeys(worker for worker, _job, _verb in WORKERS):
        threads.keep(worker, partial(loop, app, worker))
