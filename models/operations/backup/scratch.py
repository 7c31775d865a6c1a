"""python -m models.operations.backup.scratch <folder>: restore `dump` there into scratch.db and
prove it equal to `manifest`.

A process of its own, because one process has one database, and so that it can run at a low
priority."""

import contextlib
import json
import os
import sys
from contextlib import closing
from pathlib import Path

import models.load  # noqa: F401  every table
from models.adapters import blobs
from models.core.database import connect
from models.operations import checks
from models.operations.backup import dump, schema
from models.operations.backup.proof import PART


def prove(folder):
    """The report; raises at the first difference."""
    folder = Path(folder)
    manifest = json.loads((folder / "manifest").read_text())
    start = json.loads((folder / "start").read_text())
    path = folder / "scratch.db"
    path.unlink(missing_ok=True)
    schema.build(path, manifest["schema"])
    with closing(dump.Sqlite(path)) as target:
        tick = lambda part: _report_progress(folder, 0.5 * part)  # noqa: E731
        loaded = dump.load(target, folder / "dump", tick)
        _check_equal("rows", loaded, manifest["tables"])
        integrity = target.link.execute("PRAGMA integrity_check").fetchone()[0]
        if integrity != "ok":
            _fail(f"integrity check: {integrity}")
        _check_equal("rows read back", dump.digests(target), manifest["tables"])
        _report_progress(folder, 0.6)
        _check_equal("sums", dump.sums(target), manifest["sums"])
    _report_progress(folder, 0.7)
    applied = schema.bring_up_file(path)
    with closing(dump.Sqlite(path)) as target:
        target.link.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        _report_progress(folder, 0.8)
        firm, zone = next(iter(target.link.execute("SELECT name, zone FROM company")), ("", ""))
    return {
        "applied": applied,
        "faults": find_faults(folder, path, start, manifest["files"]),
        "firm": firm,
        "zone": zone,
        "rows": sum(t["rows"] for t in loaded.values()),
        "sums": manifest["sums"],
    }


def find_faults(folder, path, start, files):
    """The faults that `flask verify` finds in it. Files are proven separately; here they only need
    to be listed."""
    connect(f"sqlite:///{path}")
    blobs.use_listing(files)
    (folder / "anchors.jsonl").write_text(start["anchors"])
    return checks.faults(folder, start["secret_key"])


def _report_progress(folder, part):
    """Report the progress, 0 to 1, to the waiting process; ignore a failure."""
    temporary = folder / f"{PART}.new"
    with contextlib.suppress(OSError):
        temporary.write_text(str(round(part, 3)))
        os.replace(temporary, folder / PART)


def _check_equal(what, found, expected):
    """Fail at the first difference between the reports."""
    for name in sorted(set(found) | set(expected)):
        if found.get(name) != expected.get(name):
            _fail(f"{what} of {name}: {found.get(name)} instead of {expected.get(name)}")


def _fail(text):
    raise SystemExit(f"not equal: {text}")


if __name__ == "__main__":
    if hasattr(os, "nice"):
        os.nice(10)
    print(json.dumps(prove(sys.argv[1])))
