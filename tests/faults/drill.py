"""The restore drill: a firm of any size comes back onto an empty folder from one place alone, timed
and held against its source.

`python -m tests.faults.drill 100000 [kind …]` builds the firm once (kept in $DRILL, else a
temporary folder), backs it up by `flask backup`'s own verbs into a folder, S3, SFTP or WebDAV
served by another process, and restores it with `flask restore`."""

import contextlib
import hashlib
import io
import os
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from reportlab.pdfgen import canvas

from app import create_app
from models.adapters import blobs, stores
from models.core.clock import now
from models.core.database import database_of, db
from models.core.journal import GENESIS, Event, Journaled
from models.customers import Contact
from models.documents import Document, Line
from models.operations import checks
from models.operations.backup import dump, keys, proof, restore, run, snapshot
from models.people import Session
from tests.faults.conftest import flask
from tests.faults.filled import fill
from tests.firm import Firm

KINDS = ("folder", "s3", "sftp", "webdav")
CHANGING = ("event", "session", "code", "mail", "place", "backup", "lease", "progress")


def opened(folder):
    return create_app(
        DATA_DIR=Path(folder),
        DATABASE_URL=f"sqlite:///{folder}/danju.db",
        SMTP_URL="",
        BASE_URL="http://localhost:8000",
    )


def build(folder, count):
    """A firm with so many papers, each with its own PDF and its event, and one invoice that was
    really issued."""
    app = opened(folder)
    with app.app_context(), db.connection_context():
        firm = Firm()
        firm.printed(price="1234.56")
        fill(firm.ada, count)
        with db.atomic():
            _files(count)
            _vouch()
        checks.anchor(app.config["DATA_DIR"], app.config["SECRET_KEY"])


def _files(count):
    """A small PDF each: one page drawn once, with its own number in it."""
    page, mark = io.BytesIO(), "B-########"
    sheet = canvas.Canvas(page, pageCompression=0)
    sheet.drawString(72, 720, mark)
    sheet.save()
    for ident, number in (
        Document.select(Document.id, Document.number).where(Document.pdf_sha256.is_null()).tuples()
    ):
        data = page.getvalue().replace(mark.encode(), number.ljust(len(mark)).encode())
        sha = hashlib.sha256(data).hexdigest()
        path = blobs.path_of(sha)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        Document.update(pdf_sha256=sha).where(Document.id == ident).execute()


def _vouch():
    """The journal's event for every row that was laid down without a verb."""
    told = {
        (e.subject_type, e.subject_id) for e in Event.select(Event.subject_type, Event.subject_id)
    }
    head, rows = Event.head(), []
    previous = head.hash if head else GENESIS
    lines = {}
    for line in Line.select().order_by(Line.position, Line.id).iterator():
        lines.setdefault(line.document_id, []).append(line)
    Document.ordered_lines, kept = lambda self: lines.get(self.id, []), Document.ordered_lines
    try:
        for name in ("Customer", "Document"):
            for row in Journaled.registry[name].select().iterator():
                if (name, row.id) in told:
                    continue
                event = Event(
                    at=now(),
                    actor_type="System",
                    actor_name="Danju",
                    action="laid_down",
                    subject_type=name,
                    subject_id=row.id,
                    facts={},
                    origin=None,
                    actor_id=None,
                    previous=previous,
                    content=_hash(row),
                )
                previous = event.hash = event.seal()
                rows.append({k: v for k, v in event.__data__.items() if k != "id"})
    finally:
        Document.ordered_lines = kept
    for at in range(0, len(rows), 500):
        Event.insert_many(rows[at : at + 500]).execute()


def _hash(row):
    from models.core.fields import canonical

    return hashlib.sha256(canonical(row.content_rows()).encode()).hexdigest()


@contextlib.contextmanager
def served(kind, root):
    """The address of an empty place of this kind."""
    if kind == "folder":
        yield str(root)
        return
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.servers", kind, str(root)], stdout=subprocess.PIPE, text=True
    )
    try:
        yield server.stdout.readline().strip()
    finally:
        server.kill()
        server.wait()


def downloaded(folder):
    """The PDF as the customer's contact gets it from the portal over `folder`."""
    app = opened(folder)
    with app.app_context():
        anna = Contact.get(Contact.email == "anna@a.test")
        paper = Document.get(
            Document.customer == anna.customer_id,
            Document.number.is_null(False),
            ~Document.number.startswith("B-"),
        )
        browser = app.test_client()
        browser.set_cookie("danju_sid", Session.start(anna))
        answer = browser.get(f"/portal/documents/{paper.id}/pdf")
        assert answer.status_code == 200, answer.status
        db.close()
        return answer.data


def rows_of(folder):
    with dump.opened(database_of(f"sqlite:///{folder}/danju.db")) as here:
        return {k: v for k, v in dump.digests(here).items() if k not in CHANGING}


def drill(source, kind, scratch, say=print):
    """Back `source` up into one empty place of this kind, restore from it alone, compare. Returns
    the figures."""
    scratch, figures = Path(scratch), {"kind": kind}
    root, new = scratch / f"{kind}-place", scratch / f"{kind}-new"
    root.mkdir(parents=True)
    paper = downloaded(source)
    app = opened(source)
    with served(kind, root) as address:
        with app.app_context(), db.connection_context(), run.scratch() as folder:
            timed, began = [], time.monotonic()
            lap = lambda: timed.append(time.monotonic() - began)  # noqa: E731
            pack = run.PreparedBackup(folder, now(), lambda part: None)
            lap()
            with closing(stores.open_store(*restore.place_of(address), begin=True)) as store:
                fresh = run.upload_pack(store, pack)
                lap()
                report = proof.prove(store, pack.name, pack.identity, fresh, {})
                lap()
            assert report["faults"] == [], report["faults"][:3]
            key = scratch / f"{kind}.key"
            key.write_text(str(keys.load(snapshot.folder())))
            figures.update(
                rows=report["rows"],
                files=len(fresh & set(pack.manifest["files"])),
                snapshot=timed[0],
                carried=timed[1] - timed[0],
                proven=timed[2] - timed[1],
            )
        db.close()
        began = time.monotonic()
        done = flask("restore", address, "--key", key, data=new)
        figures["restored"] = time.monotonic() - began
        assert "restored and proven equal" in done.stdout, done.stdout + done.stderr
    assert rows_of(new) == rows_of(source), "the rows are not those of the source"
    names = lambda place: {p.name for p in (Path(place) / "files").glob("??/*")}  # noqa: E731
    assert names(new) == names(source), "the files are not those of the source"
    for path in (new / "files").glob("??/*"):
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name, path
    assert downloaded(new) == paper, "the customer's PDF is another"
    say(
        f"{kind:<7} {figures['rows']} rows, {figures['files']} files: snapshot "
        f"{figures['snapshot']:.0f} s, carried {figures['carried']:.0f} s, "
        f"proven {figures['proven']:.0f} s, restored onto an empty folder "
        f"{figures['restored']:.0f} s; all hashes equal, the customer's PDF the same bytes"
    )
    return figures


def main(count, *kinds):
    home = Path(os.environ.get("DRILL") or tempfile.mkdtemp())
    source = home / f"firm-{count}"
    if not source.exists():
        began = time.monotonic()
        build(source, count)
        print(f"a firm with {count} papers: {time.monotonic() - began:.0f} s", flush=True)
    for kind in kinds or KINDS:
        with tempfile.TemporaryDirectory(dir=home) as scratch:
            drill(source, kind, scratch, lambda text: print(text, flush=True))


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 100_000, *sys.argv[2:])
