"""What `flask verify` and the daily check look at: the journal, the stored files, the numbers, the
totals, what is derived from them."""

import datetime as dt
import time

import peewee as pw

from models.adapters import blobs, search
from models.adapters.outbox import Mail
from models.approvals import replay
from models.archive import ExternalFile, ExternalVersion, Filing
from models.company import Company
from models.core import disk, journal
from models.core.clock import now, today
from models.core.database import one_snapshot
from models.disputes import DisputeEntry
from models.documents import Document
from models.documents.line import Line
from models.dunning import Reminder
from models.insights.monthly import MonthlyPaper
from models.numbering import NumberSeries, regex_of, used_numbers
from models.operations import upkeep
from models.operations.backup import place_check, structure
from models.operations.row_counts import row_counts
from models.payments import Payment
from models.payments.refund import Refund
from models.people import User
from models.receivables.statement import Statement

WEEK = dt.timedelta(days=7)
QUICK = 60  # seconds
SERIES = {"payment": Payment, "reminder": Reminder, "refund": Refund, "statement": Statement}


def last_numbers():
    """[[kind, period, last]] for the anchor."""
    return [[s.kind, s.period, s.last] for s in NumberSeries.select().order_by(NumberSeries.id)]


def anchor(folder, key):
    return journal.anchor(folder, key, last_numbers())


def mail_anchor(folder, key):
    """Once a week, mail head hash, count and last numbers to the administrators, as a copy outside
    this machine."""
    last_anchor = anchor(folder, key)
    year, week, _ = today().isocalendar()
    for admin in User.with_role("admin") if last_anchor else ():
        Mail.enqueue_to(
            admin,
            f"anchor-{year}-{week}-{admin.id}",
            "anchor",
            {
                "head": last_anchor["head"],
                "count": last_anchor["count"],
                "at": last_anchor["at"][:16],
                "last": [f"{kind} {period}: {n}" for kind, period, n in last_numbers()],
            },
        )


def faults(folder=None, key=None):
    """A sentence for each fault of journal, documents, numbers, totals and approvals."""
    return _examined(folder, key)[0]


def _examined(folder, key, since=None):
    """(faults, where the journal ends); of all, or of the rows that changed `since` a proof. The
    numbers, which must have no gap, are always looked at from the first."""
    seen = {"end": None, "rows": {} if since else None}

    def chain():
        found, seen["end"], seen["rows"] = journal.examine(folder, key, since)
        return found

    found = _collect(("journal", chain))
    rows = seen["rows"]
    found += _collect(
        ("papers", lambda: _seen_twice(lambda: documents(rows))),
        ("numbers", numbers),
        ("sums", lambda: sums(rows)),
        ("approvals", lambda: replay.faults(rows and rows.get("ApprovalRequest", ()))),
    )
    return found, seen["end"]


def last_proof(folder, key):
    """Where the next look may begin, or None: after faults, and at least once a week, all is looked
    at, as a row that was changed without an event is not seen else."""
    last = journal.last_proof(folder, key)
    fresh = last and not last["faults"] and now() - dt.datetime.fromisoformat(last["whole"]) < WEEK
    return last if fresh else None


def is_quick(folder, key):
    """Whether looking at everything takes so little that it is done every day."""
    last = journal.last_proof(folder, key)
    return not last or last["took"] < QUICK


def verified(folder=None, key=None, whole=True):
    """What `flask verify` checks: the faults, and the sums that are kept for lists; or only the
    faults of what came since the last proof. What was proven now is noted."""
    since = None if whole else last_proof(folder, key)
    began, started = now().isoformat(), time.monotonic()
    found, end = _examined(folder, key, since)
    found += [] if since else _collect(("summaries", upkeep.sum_differences))
    if folder and end:
        whole = since["whole"] if since else began
        took = since["took"] if since else round(time.monotonic() - started)
        proof = {"at": began, "whole": whole, "took": took}
        proof |= {"faults": len(found), "rows": row_counts()}
        with disk.if_writable():
            journal.note_proof(folder, key, **end, **proof, numbers=last_numbers())
    return found


def all_faults(folder, key, whole=True):
    """The faults that the daily check reports: also those of the database file, of every stored
    file, of indexes and summaries, and of the backups."""
    found = _collect(("database", structure.faults))
    return (
        found
        + verified(folder, key, whole)
        + _collect(
            ("files", lambda: _seen_twice(other_damaged_files)),
            ("indexes", search.differences),
            ("backups", lambda: _seen_twice(place_check.faults)),
        )
    )


def _collect(*checks):
    found = []
    for name, check in checks:
        try:
            found += check()
        except Exception as error:  # an unreadable value must not hide the faults found elsewhere
            found.append(f"{name}: not checked, something in it is unreadable: {error}")
    return found


def _seen_twice(check):
    """The faults that a second look finds too. A file may be destroyed, or an old backup removed,
    after its row was read and before its bytes are."""
    found = check()
    again = set(check()) if found else ()
    return [fault for fault in found if fault in again]


def other_damaged_files():
    """Damaged files (their bytes do not match the hash that is their name) that no other check
    reports with the name of their document."""
    reported = (
        {sha for _, sha in stored_files()}
        | {sha for (sha,) in Filing.select(Filing.sha).tuples()}
        | {sha for (sha,) in ExternalVersion.select(ExternalVersion.sha).tuples()}
    )
    return [
        f"file {sha}: its bytes were changed"
        for sha in sorted(blobs.listing())
        if sha not in reported and not blobs.is_intact(sha)
    ]


def _some(query, rows, of=None, column=None):
    """The rows of the query, or those of them in `rows` {class: ids}; `of` another class, whose ids
    are in the column."""
    if rows is None:
        return query.iterator()
    return journal.read_some(query, rows.get(journal.class_name(of or query.model), ()), column)


def stored_files(rows=None):
    """(sentence for when it is damaged, SHA-256) of every file that a row refers to, or one of
    `rows`."""
    erased = {
        sha for (sha,) in Filing.select(Filing.sha).where(Filing.state == "destroyed").tuples()
    }
    for cls, name in (
        (Document, "pdf_sha256"),
        (Document, "signature"),
        (Reminder, "pdf_sha256"),
        (Payment, "slip"),
        (Statement, "pdf_sha256"),
        (Statement, "confirmed_pdf_sha256"),
        (MonthlyPaper, "pdf_sha256"),
    ):
        column = getattr(cls, name)
        for row in _some(cls.select().where(column.is_null(False), column != ""), rows):
            if getattr(row, name) in erased or getattr(row, "state", "") == "destroyed":
                continue
            what = {
                "pdf_sha256": "PDF",
                "signature": "signature",
                "slip": "slip",
                "confirmed_pdf_sha256": "confirmed PDF",
            }[name]
            yield (
                (
                    f"{getattr(row, 'number', None) or row.name}: the kept {what} is missing "
                    "or was changed"
                ),
                getattr(row, name),
            )
    for entry in _some(DisputeEntry.select().where(DisputeEntry.file.is_null(False)), rows):
        yield (
            f"D-{entry.dispute_id}: the attachment {entry.filename} is missing or was changed",
            entry.file,
        )
    company = Company.current()
    for name in ("logo", "seal", "contract_seal", "font"):
        if company and getattr(company, name):
            yield (
                f"the company's {name}: the file is missing or was changed",
                getattr(company, name),
            )


def documents(rows=None):
    found = archived_files(rows)
    for fault, sha in stored_files(rows):
        try:
            blobs.fetch(sha)
        except blobs.Damaged:
            found.append(fault)
    return found


def archived_files(rows=None):
    """Faults of archived files: each version exists, and no position in a folder is empty."""
    found = []
    versions = ExternalVersion.select().where(ExternalVersion.state == "kept")
    for version in _some(versions, rows, ExternalFile, ExternalVersion.file):
        try:
            blobs.fetch(version.sha)
        except blobs.Damaged:
            found.append(
                f"{version.file.filing.code}: version {version.number} of the file is "
                "missing or was changed"
            )
    for filing in _some(Filing.kept(), rows):
        try:
            blobs.fetch(filing.sha)
        except blobs.Damaged:
            found.append(f"{filing.code}: the archived file is missing or was changed")
    return found + [
        f"archive {folder.kind} {folder.year}: {folder.last} places given, {count} used"
        for folder, count in Filing.folders_with_gaps()
    ]


@one_snapshot()
def numbers():
    """Faults of number series: each must run from 1 to last without a gap."""
    found = []
    for s in NumberSeries.select().order_by(NumberSeries.id):
        if s.kind in SERIES:
            if missing := s.missing(_positions(s)):
                found.append(f"{s.kind} {s.period}: last is {s.last}, missing {missing[:10]}")
            continue
        used = Document.select(Document.series_position).where(Document.series == s.id)
        positions = [p for (p,) in used.order_by(Document.series_position).tuples()]
        missing = s.missing(positions)
        if missing or len(set(positions)) < len(positions) or positions[-1:] > [s.last]:
            found.append(f"{s.kind} {s.period}: last is {s.last}, missing {missing[:10]}")
    return found


def _positions(series):
    """The positions in the series that are used, by the numbers of its kind."""
    day = dt.date(int(series.period[:4] or 1), int(series.period[5:7] or 1), 1)
    regex = regex_of(series.pattern, day)
    found = used_numbers(series.kind, series.pattern, day)
    return [int(regex.fullmatch(number).group(1)) for number in found]


@one_snapshot()
def sums(rows=None):
    of_lines = [
        Line.select(pw.fn.COALESCE(pw.fn.SUM(column), 0)).where(Line.document == Document.id)
        for column in (Line.net, Line.tax)
    ]
    wrong = Document.select().where(
        (Document.net != of_lines[0])
        | (Document.tax != of_lines[1])
        | (Document.total != Document.net + Document.tax)
    )
    return [
        f"{journal.label(row)}: the total is not the sum of its lines" for row in _some(wrong, rows)
    ]
