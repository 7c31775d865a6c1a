"""An import and its undo in forks of this process, each of which dies by kill -9 at a named point;
then the next process goes on, and all is judged.

`python -m tests.faults.import_deaths FOLDER POINT …` prints a line of JSON for each point: {point,
died, found}."""

import datetime as dt
import functools
import json
import os
import shutil
import signal
import sys
import traceback
from pathlib import Path

from models.core.clock import at, now
from models.core.database import db
from models.core.imported_range import ImportedContent, ImportedRange
from models.documents import Document
from models.imports import Import, ImportedRow, changing, publishing
from models.operations import checks, upkeep
from models.people import User
from tests.faults.dying import KEY, app_of
from tests.faults.invariants import broken
from tests.firm import Firm
from tests.models.test_import_portions import everything

LATER = dt.timedelta(minutes=5)  # by then the claim of a killed process is over
FILES = {
    "documents": "Invoice No,Date,Customer,SKU,Item,Qty,Unit price,Tax rate\n"
    + "".join(f"A-{i // 2},2025-03-01,New {i // 10} Ltd,Q1,Pen,2,10,13%\n" for i in range(60)),
    "customers": "code,name,phone\nA,Renamed,1\nB,Beta Ltd,2\n"
    + "".join(f"K{i},Name {i},3\n" for i in range(30)),
}
# {point: (what is done, class or module, its function, the number of the call that it dies after)}
POINTS = {
    "in a portion": ("documents", ImportedContent, "seal", 3),
    "in the last step": ("documents", Import, "apply_a_few_changes", 1),
    "after the last step": ("customers", publishing, "publish", 1),
    "in the changes": ("customers", ImportedRow, "_set", 2),
    "while hiding": ("undo", ImportedRange, "hide", 1),
    "after erasing": ("undo", Import, "erase", 1),
    "while removing": ("undo", publishing, "_remove", 3),
    "at the end of the undo": ("undo", Import, "_finish_undone", 1),
}


def dies_after(owner, name, n):
    """Replace the function, so that the process is killed after the n-th call of it."""
    real, count = getattr(owner, name), [0]

    @functools.wraps(real)
    def counted(*args, **more):
        found = real(*args, **more)
        count[0] += 1
        if count[0] == n:
            os.kill(os.getpid(), signal.SIGKILL)
        return found

    setattr(owner, name, counted)


def fang():
    return User.get(User.email == "fang@firm.test")


def of(kind):
    return Import.get(Import.target == ("customers" if kind == "customers" else "documents"))


def seen():
    """All that is to be seen, as one text."""
    return json.dumps({str(name): rows for name, rows in everything().items()}, default=str)


def checked():
    """Two files that are uploaded and checked. Returns what is seen."""
    firm = Firm()
    for target, text in FILES.items():
        row = Import.upload(firm.fang, target, f"{target}.csv", text.encode())
        row.check(firm.fang, row.mapping, {})
    Import.run_waiting()
    return seen()


def written(kind):
    """Write the file; of an undo, up to its beginning. Returns what is seen."""
    changing.AT_ONCE = 0 if kind == "customers" else changing.AT_ONCE
    of(kind).start(fang())
    Import.run_waiting()
    if kind == "undo":
        Document.get(Document.number == "A-1").keep_pdf()
        of(kind).undo(fang())
    return seen()


def dying(kind, *place):
    dies_after(*place)
    if kind == "undo":
        Import.run_waiting()
    else:
        written(kind)


def judged(home, kind, original, whole):
    """What is wrong right after the kill, or once the next process has gone on."""
    found = [f"right after it: {text}" for text in checks.faults(home, KEY)]
    if kind != "customers" and seen() not in (original, whole):
        found.append("right after it: half of it is there")
    with at(now() + LATER):
        Import.run_waiting()
    row = of(kind)
    ends = {"documents": ("failed", "done"), "customers": ("done",), "undo": ("undone", "done")}
    if row.state not in ends[kind]:
        found.append(f"it is {row.state} {row.error}")
    if seen() != (whole if row.state == "done" else original):
        found.append(f"it is {row.state}, and not so")
    return found + upkeep.differences() + broken(home, KEY)


def forked(home, work, *args):
    """(whether a fork that did this was killed, what it returned)."""
    out, into = os.pipe()
    child = os.fork()
    if not child:
        try:
            with app_of(home).app_context():
                db.connect(reuse_if_open=True)
                found = work(*args)
        except BaseException:
            found = [f"fell: {traceback.format_exc()[-900:]}"]
        with os.fdopen(into, "w") as answer:
            json.dump(found, answer)
        os._exit(0)
    os.close(into)
    with os.fdopen(out) as answer:
        text = answer.read()
    return os.WIFSIGNALED(os.waitpid(child, 0)[1]), json.loads(text or "null")


def copied(here, there):
    shutil.rmtree(there, ignore_errors=True)
    shutil.copytree(here, there)


def main():
    home, points = Path(sys.argv[1]), sys.argv[2:]
    kept = {kind: home.with_name(f"kept-{kind}") for kind in ("nothing", "undo")}
    _died, original = forked(home, checked)
    copied(home, kept["nothing"])
    wholes = {}
    for point in points:
        kind, *place = POINTS[point]
        if kind not in wholes:
            copied(kept["nothing"], home)
            _died, wholes[kind] = forked(home, written, kind)
            kind == "undo" and copied(home, kept["undo"])
        copied(kept["undo" if kind == "undo" else "nothing"], home)
        died, _found = forked(home, dying, kind, *place)
        _died, found = forked(home, judged, home, kind, original, wholes[kind])
        print(json.dumps({"point": point, "died": died, "found": found}), flush=True)


if __name__ == "__main__":
    main()
