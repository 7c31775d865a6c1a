"""The four tests of an electronic archive (四性检测, after DA/T 70): authenticity, integrity,
usability and safety of every file."""

import datetime as dt
import hashlib

import peewee as pw

from models.adapters import blobs
from models.archive import reading
from models.archive.filing import Filing
from models.core import journal
from models.core.clock import now
from models.core.database import db, one_snapshot
from models.core.errors import Refused, refuse
from models.core.fields import JSONField
from models.core.journal import Event, Journaled
from models.core.long_work import LongWork
from models.core.model import Model, model_named
from models.people import User

TESTS = ("authenticity", "integrity", "usability", "safety")
TOO_LARGE = (  # refusals of what may have been kept before there were such limits
    "too_many_pixels",
    "unpacked_too_large",
    "too_many_parts",
    "too_many_elements",
)
ACTIVE_CONTENT = (b"/JavaScript", b"/Launch", b"/RichMedia", b"/XFA")
_anchors = {"folder": None, "key": None}


def use(folder, key):
    """Set the folder of the journal's anchors, and what returns the key with which they are signed:
    a restore changes it."""
    _anchors.update(folder=folder, key=key)


class Inspection(LongWork, Journaled, Model):
    """One run over all kept filings: waiting → done or failed."""

    state = pw.CharField(max_length=10, default="waiting", index=True)
    by = pw.ForeignKeyField(User, null=True)
    at = pw.DateTimeField()
    claimed_at = pw.DateTimeField(null=True)
    finished_at = pw.DateTimeField(null=True)
    checked = pw.IntegerField(default=0)
    counts = JSONField(default=dict)
    digest = pw.CharField(max_length=80, default="")
    error = pw.CharField(max_length=500, default="")
    unhashed = ("claimed_at",)
    progress_name = "inspection"

    @property
    def name(self):
        return f"{self.at:%Y-%m-%d %H:%M}"

    @classmethod
    def last_finished(cls):
        """The last run that is done or failed, or None."""
        return cls.select().where(cls.state.in_(("done", "failed"))).order_by(cls.id.desc()).first()

    @property
    def trouble(self):
        """Why it failed, or how many findings it has; "" when all is well."""
        found = sum((self.counts or {}).values())
        return (self.error or self.state) if self.state == "failed" else str(found or "")

    @classmethod
    @db.atomic()
    def ask(cls, by):
        """Request a run. Refused while another one is unfinished. `by` is None for the
        scheduler."""
        if by is not None:
            by.must("archive")
        if cls.unfinished().exists():
            refuse("inspection_running")
        row = cls.create(by=by, at=now())
        row.record("asked", by)
        return row

    def work(self):
        """Test every kept filing and store the findings."""
        found = list(_archive_findings())
        ids = [f.id for f in Filing.kept().select(Filing.id)]
        for i, ident in enumerate(ids):
            if not (i % 20):
                self.note_progress(i / len(ids))
            found += _findings_of(Filing.id == ident)
        self._conclude("done", found, checked=len(ids))

    def mark_failed(self, error):
        self._conclude("failed", [], error=error)

    @db.atomic()
    def _conclude(self, state, found, checked=0, error=""):
        for test, code, facts, filing in found:
            InspectionFinding.create(
                inspection=self, test=test, code=code, facts=facts, filing=filing
            )
        lines = "\n".join(f"{t} {c} {filing.code if filing else ''}" for t, c, _f, filing in found)
        self.finish(
            state,
            checked=checked,
            counts={test: sum(f[0] == test for f in found) for test in TESTS},
            error=error,
            digest=hashlib.sha256(lines.encode()).hexdigest(),
        )

    def record_end(self, state, changes):
        self.record(state, None, checked=changes["checked"], counts=changes["counts"])


class InspectionFinding(Model):
    """One finding, about a filing or about the whole archive; the run stores a digest of all."""

    inspection = pw.ForeignKeyField(Inspection, backref="findings")
    filing = pw.ForeignKeyField(Filing, null=True, backref="findings")
    test = pw.CharField(max_length=12)
    code = pw.CharField(max_length=30)
    facts = JSONField(default=dict)


def _findings_of(condition):
    """The findings about the kept filing, if there is one. What was destroyed or renewed while it
    was read is looked at by the next run."""
    with one_snapshot():
        filing = Filing.kept().where(condition).first()
        found = list(_faults_of_rows(filing)) if filing else []
    found += _faults_of_bytes(filing) if filing else []
    if found and not Filing.kept().where(condition, Filing.sha == filing.sha).exists():
        return []
    return [(*finding, filing) for finding in found]


def inspect(filing):
    """(test, code, facts) of each fault of one kept filing."""
    return [*_faults_of_rows(filing), *_faults_of_bytes(filing)]


def _faults_of_rows(filing):
    filed = [e for e in filing.events if e.action in ("filed", "renewed")]
    if not filed or filed[-1].facts.get("sha") != filing.sha:
        yield "authenticity", "hash_not_in_journal", {}
    if (
        filing.events.order_by(Event.id.desc()).first()
        and filing.events.order_by(Event.id.desc()).first().content != filing.content()
    ):
        yield "authenticity", "row_changed", {}
    if filing.document and (
        filing.document.number != filing.number or filing.document.pdf_sha256 != filing.sha
    ):
        yield "authenticity", "paper_differs", {"number": filing.document.number}
    if not (filing.code and filing.name and filing.day and (filing.number or filing.title)):
        yield "integrity", "facts_missing", {}
    for version in filing.file.in_order() if filing.file else ():
        if not _is_stored(version.sha):
            yield "integrity", "version_missing", {"n": version.number}


def _faults_of_bytes(filing):
    try:
        data = filing.bytes()
    except blobs.Damaged:
        yield (
            "integrity",
            "bytes_missing" if not blobs.path_of(filing.sha).exists() else "bytes_changed",
            {},
        )
        return
    yield from _usability(filing, data)
    if filing.extension == "pdf" and any(sign in data for sign in ACTIVE_CONTENT):
        yield "safety", "active_content", {}
    newest = newest_backup()
    if newest and newest.taken_at < filing.at < now() - min(
        (place.proof_deadline for place in model_named("Place").in_use()), default=dt.timedelta()
    ):
        yield "safety", "no_copy", {}


def _is_stored(sha):
    try:
        return bool(blobs.fetch(sha))
    except blobs.Damaged:
        return False


def _usability(filing, data):
    """Findings when it cannot be opened by its extension, or lacks its own number in its text."""
    try:
        text = reading.words(data, filing.extension)
    except Refused as error:
        if error.code == "reading_busy":
            raise
        if error.code not in TOO_LARGE:
            yield "usability", "does_not_open", {}
        return
    ours = filing.document_id or filing.reminder_id or filing.statement_id
    if ours and filing.number and filing.number not in text.replace("\n", ""):
        yield "usability", "text_unreadable", {}


def _archive_findings():
    """Findings about the whole archive: the journal's chain, missing positions, no second copy."""
    for fault in journal.verify(_anchors["folder"], _anchors["key"]())[:50]:
        yield "authenticity", "journal", {"text": fault}, None
    for folder, _count in Filing.folders_with_gaps():
        yield "integrity", "places_missing", {"text": f"{folder.kind} {folder.year}"}, None
    if newest_backup() is None:
        yield "safety", "no_copies_known", {}, None


def newest_backup():
    """The newest proven backup, which has a copy of everything filed before it, or None."""
    backup = model_named("Backup")
    return (
        backup.select()
        .where(backup.state == "kept", backup.proven_at.is_null(False))
        .order_by(backup.taken_at.desc())
        .first()
    )


def start_by_clock():
    """Request a run every night, unless one is unfinished; called by the scheduler."""
    if Filing.kept().exists() and not Inspection.unfinished().exists():
        Inspection.ask(None)
