"""Run under `fiu-run -x`: one deed again and again in forks of this process, the n-th read, write
or sync of which fails; each time all is judged.

`python -m tests.faults.nth DEED FOLDER N N N…` prints a line of JSON for each N: {n, hit, error,
found}."""

import ctypes
import errno
import json
import os
import shutil
import sys
from pathlib import Path

POINTS = (b"posix/io/rw/*", b"posix/io/sync/*")
CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int,
    ctypes.c_char_p,
    ctypes.POINTER(ctypes.c_int),
    ctypes.POINTER(ctypes.c_void_p),
    ctypes.POINTER(ctypes.c_uint),
)
KEY = "k" * 40


class Failing:
    """Lets the n-th call fail, once."""

    def __init__(self, nth, number):
        self.lib, self.count, self.nth, self.number = ctypes.CDLL("libfiu.so.0"), 0, nth, number
        self.call = CALLBACK(self._called)
        self.lib.fiu_enable_external.argtypes = [
            ctypes.c_char_p,
            ctypes.c_int,
            ctypes.c_void_p,
            ctypes.c_uint,
            CALLBACK,
        ]

    def _called(self, name, failnum, failinfo, flags):
        self.count += 1
        if self.count != self.nth:
            return 0
        failnum[0], failinfo[0] = 1, self.number
        return 1

    def __enter__(self):
        for point in POINTS:
            self.lib.fiu_enable_external(point, 1, None, 0, self.call)
        return self

    def __exit__(self, *error):
        for point in POINTS:
            self.lib.fiu_disable(point)


def app_of(folder):
    from app import create_app
    from models.adapters.printing import pdf, worker

    pdf._convert = worker.convert
    return create_app(DATA_DIR=folder, DATABASE_URL=f"sqlite:///{folder}/danju.db", SECRET_KEY=KEY)


def begin(folder):
    """The firm that all forks start from, with a backup place and one backup in it."""
    from models.core.database import db
    from models.operations.backup import Place, run
    from tests.firm import Firm

    app = app_of(folder / "data")
    with app.app_context(), db.connection_context():
        firm = Firm()
        firm.issued(price="10")
        firm.approved(price="20")
        Place.add(firm.ada, "disk", "folder", {"path": str(folder / "disk")}, "")
        run.run_due()
        assert Place.get().trouble == "", Place.get().trouble


def issue(folder):
    from models.documents import Document
    from models.people import User

    paper = Document.get(Document.state == "approved")
    paper.issue(by=User.get(User.email == "li@firm.test"))
    return [("issued", paper.id)]


def upload(folder):
    from models.archive import ExternalFile
    from models.customers import Customer
    from models.people import User

    ExternalFile.receive(
        User.get(User.email == "li@firm.test"),
        b"<scan>" + b"x" * 9000 + b"</scan>",
        "a.xml",
        "other",
        title="the-scan",
        customer=Customer.get(),
    )
    return [("uploaded", "the-scan")]


def backup(folder):
    from models.operations.backup import Place, run

    Place.get().ask_now()
    run.run_due()
    if Place.get().trouble:
        raise OSError(Place.get().trouble)
    return []


def restore_(folder):
    import contextlib

    from models.adapters import stores
    from models.operations.backup import keys, restore

    with contextlib.closing(stores.open_store("folder", {"path": str(folder / "disk")})) as store:
        restore.restore(store, restore.chosen(store), keys.load(folder / "data"), replace=True)
    return []


DEEDS = {"issue": issue, "upload": upload, "backup": backup, "restore": restore_}
UNDONE = {
    "issue": "SELECT COUNT(*) FROM document WHERE number IS NOT NULL AND total > 1200",
    "upload": "SELECT COUNT(*) FROM filing",
}


def once(name, folder, nth, number):
    """In a fork: the deed with the failing call, judged; then again without, which must go
    through."""
    from models.core.database import db
    from tests.faults.invariants import broken
    from tests.faults.oracles import rows

    app, told = app_of(folder / "data"), {"n": nth, "error": "", "found": []}
    done = []
    with app.app_context():
        db.connect(reuse_if_open=True)
        failing = Failing(nth, number)
        try:
            with failing:
                done = DEEDS[name](folder)
        except Exception as error:
            told["error"] = f"{type(error).__name__}: {error}"[:200]
        told["hit"] = failing.count >= nth
        db.close()
        db.connect()
        data, key = folder / "data", app.config["SECRET_KEY"]
        told["found"] += broken(data, key, done)
        if told["error"] and name in UNDONE and rows(UNDONE[name])[0][0]:
            told["found"].append(f"refused, and done all the same: {told['error']}")
        if name in ("backup", "restore"):
            from models.operations.backup import Place

            Place.update(
                claimed_at=None
            ).execute()  # the worker would see in two minutes that nobody is at it
        if told["error"] or name in ("backup", "restore"):
            try:
                DEEDS[name](folder)
            except Exception as error:
                told["found"].append(
                    f"does not go the second time: {type(error).__name__}: {error}"
                )
            told["found"] += [
                f"afterwards: {text}" for text in broken(data, app.config["SECRET_KEY"])
            ]
    return told


def main():
    name, home, numbers = sys.argv[1], Path(sys.argv[2]), [int(n) for n in sys.argv[3:]]
    from tests.faults import invariants  # noqa: F401

    home.mkdir(exist_ok=True)
    begin(home)
    from models.core.database import db

    db.close()
    for nth in numbers:
        os.rename(home, home.with_name("kept"))
        shutil.copytree(
            home.with_name("kept"), home
        )  # at the same path: the place for backups is named by it
        read, write = os.pipe()
        if not os.fork():
            try:
                told = once(name, home, nth, errno.ENOSPC if nth % 2 else errno.EIO)
            except BaseException as error:
                told = {
                    "n": nth,
                    "hit": True,
                    "error": "",
                    "found": [f"fell: {type(error).__name__}: {error}"],
                }
            os.write(write, json.dumps(told).encode())
            os._exit(0)
        os.close(write)
        with os.fdopen(read) as pipe:
            line = pipe.read()
        os.wait()
        print(line, flush=True)
        shutil.rmtree(home)
        os.rename(home.with_name("kept"), home)
        if line and not json.loads(line)["hit"]:
            break
    os._exit(0)  # libfiu would be asked by what the interpreter still closes


if __name__ == "__main__":
    main()
