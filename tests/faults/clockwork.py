"""One scheduler of several, on a clock that stands where it is told: a line with a moment (UTC)
runs every job once."""

import datetime as dt
import os
import sys


def main():
    from app import create_app
    from jobs import daily, scheduler, worker
    from models.archive import filing_by_rule
    from models.core.clock import at
    from models.core.database import db
    from models.core.lease import Lease

    app = create_app()
    if os.environ.get("FAULTS_SEED") == "lease":
        Lease.hold = classmethod(lambda cls, *args: True)
    if os.environ.get("FAULTS_SEED") == "first":
        Lease.hold = Lease.claim_day = classmethod(lambda cls, *args: True)
    calls = os.open(os.environ["FAULTS_CALLS"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def told(name, real):
        def run(*args):
            os.write(calls, f"{name}\n".encode())
            return real(*args)

        return run

    daily.check, filing_by_rule.file_due = (
        told("daily check", daily.check),
        told("file by rule", filing_by_rule.file_due),
    )
    db.obj.pragma("synchronous", "off", permanent=True) if hasattr(db.obj, "pragma") else None
    jobs = [scheduler.guarded(app, name, verb) for _when, name, verb in scheduler.table(app)]
    print("ready", flush=True)
    for line in sys.stdin:
        with at(dt.datetime.fromisoformat(line.strip())):
            for _ in range(2):
                for job in jobs:
                    job()
            for name in ("printing", "backups", "archive", "statements", "mail"):
                worker.run_once(app, name)
            worker.run_once(app, "mail")
        print("done", flush=True)


if __name__ == "__main__":
    main()
