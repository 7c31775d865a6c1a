"""A destruction in forks of this process, each of which dies by kill -9 at its n-th statement or
file; then the next process finishes it, and all is judged.

`python -m tests.faults.dying FOLDER SEED N N …` prints a line of JSON for each N: {n, died, stood,
found}."""

import datetime as dt
import json
import os
import shutil
import signal
import sys
from contextlib import contextmanager
from pathlib import Path

from models.archive import erase
from models.core.clock import at, now
from models.core.database import db

KEY = "k" * 40
LATER = dt.timedelta(days=366 * 31)


def app_of(folder):
    from app import create_app
    from models.adapters.printing import pdf, worker

    pdf._convert = worker.convert
    return create_app(DATA_DIR=folder, DATABASE_URL=f"sqlite:///{folder}/danju.db", SECRET_KEY=KEY)


def begin(folder):
    """A filed invoice with a scan, 31 years old, on a list that both witnesses have checked; and a
    younger paper that must stay."""
    from models.archive import DestructionList, ExternalFile, Filing, filing, retention
    from models.payments import Payment
    from tests.firm import Firm

    with app_of(folder).app_context(), db.connection_context():
        firm = Firm()
        paper = firm.issued(price="20000", note="secret words")
        Payment.receive(firm.fang, firm.a, "CNY", paper.total, allocations=[(paper, paper.total)])
        Filing.file_document(firm.zhao, paper)
        ExternalFile.receive(
            firm.li, b"<slip>secret</slip>", "x.xml", "delivery_note", title="slip", document=paper
        )
        filing.read_waiting()
        with at(now() + LATER):
            firm.issued(price="10")
            row = DestructionList.propose(
                firm.zhao, list(retention.due().order_by(Filing.id)), "due"
            )
            row.approve(firm.wang)
            row.name_witnesses(firm.zhao, firm.fang, firm.ada)
            row.check(firm.fang)
            row.check(firm.ada)


@contextmanager
def dying(nth):
    """Counts statements, erasures and kept files; dies before the n-th."""
    import peewee as pw

    from models.adapters import blobs

    count, real, erase, keep = [0], pw.Database.execute_sql, blobs.erase, blobs.keep

    def counted(deed):
        def run(*args, **kwargs):
            count[0] += 1
            if count[0] == nth:
                os.kill(os.getpid(), signal.SIGKILL)
            return deed(*args, **kwargs)

        return run

    type(db.obj).execute_sql, blobs.erase, blobs.keep = counted(real), counted(erase), counted(keep)
    yield


def carry_on(seed=""):
    """What people and the worker do, from wherever it stands, to the certificate."""
    from models.archive import DestructionList, erased_content
    from models.people import User

    person = lambda name: User.get(User.email == f"{name}@firm.test")  # noqa: E731
    row = DestructionList.get()
    if seed == "erase_first" and row.state == "approved":
        for item in row.items:
            for sha in erased_content.hashes_to_erase(item.filing):
                from models.adapters import blobs

                blobs.erase(sha)
    if row.state == "approved":
        row.carry_out(person("zhao"))
    erase.erase_waiting()
    for name in ("fang", "ada"):
        row = DestructionList.get()
        if (
            row.state == "destroyed"
            and row.witnesses.where(
                row.witnesses.model.user == person(name).id, row.witnesses.model.signed_at.is_null()
            ).exists()
        ):
            row.sign(person(name))
    DestructionList.certify_waiting()


def judge(folder):
    """Right after the kill it all stands or is all decided; after the next process has been at it,
    it is done and certified."""
    from models.adapters import blobs
    from models.archive import DestructionList, Filing
    from tests.faults.invariants import broken

    row, found = DestructionList.get(), []
    if row.state == "approved":
        found += [f"undecided, and yet: {text}" for text in broken(folder, KEY)]
    stood = row.state
    carry_on()
    row = DestructionList.get()
    if row.state != "certified" or not blobs.fetch(row.certificate).startswith(b"%PDF"):
        found.append(f"it is {row.state}")
    found += [
        f"{sha} still lies there"
        for sha in row.doomed
        if (folder / "files" / sha[:2] / sha).exists()
    ]
    found += [
        f"{f.code} is {f.state}"
        for f in Filing.select()
        if f.folder.kind in ("invoice", "delivery_note") and f.state != "destroyed"
    ]
    if b"secret words" in (folder / "danju.db").read_bytes():
        found.append("its words are still in the database file")
    return stood, found + broken(folder, KEY)


def main():
    home, seed, numbers = Path(sys.argv[1]), sys.argv[2], [int(n) for n in sys.argv[3:]]
    begin(home)
    db.close()
    kept = home.with_name("kept")
    shutil.copytree(home, kept)
    for nth in numbers:
        shutil.rmtree(home)
        shutil.copytree(kept, home)
        child = os.fork()
        if not child:
            with app_of(home).app_context(), at(now() + LATER):
                db.connect(reuse_if_open=True)
                with dying(nth):
                    carry_on("" if seed == "none" else seed)
            os._exit(0)
        died = os.WIFSIGNALED(os.waitpid(child, 0)[1])
        child = os.fork()
        if not child:
            try:
                with app_of(home).app_context(), at(now() + LATER):
                    db.connect(reuse_if_open=True)
                    stood, found = judge(home)
            except BaseException as error:
                stood, found = "", [f"fell: {type(error).__name__}: {error}"]
            print(json.dumps({"n": nth, "died": died, "stood": stood, "found": found}), flush=True)
            os._exit(0)
        os.waitpid(child, 0)
        if not died:
            break


if __name__ == "__main__":
    main()
