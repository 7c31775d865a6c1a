"""Year package: one zip per fiscal year that can be read and verified without Danju."""

import csv
import functools
import hashlib
import io
import itertools
import json
import os
import zipfile
from pathlib import Path

import peewee as pw

from models.adapters import blobs, large_files
from models.archive import contents
from models.archive.filing import Filing
from models.archive.folder import Folder
from models.company import Company
from models.core.clock import local, now
from models.core.database import db
from models.core.errors import refuse
from models.core.fields import canonical
from models.core.journal import Event, Journaled
from models.core.long_work import LongWork
from models.core.model import Model
from models.people import User

SUMS = "SHA256SUMS"
TEMPLATE = Path(__file__).with_name("verify_package.py.txt")


class YearPackage(LongWork, Journaled, Model):
    """A package: waiting → done or failed; erased when something in it was destroyed."""

    year = pw.IntegerField()
    state = pw.CharField(max_length=10, default="waiting", index=True)
    by = pw.ForeignKeyField(User)
    at = pw.DateTimeField()
    claimed_at = pw.DateTimeField(null=True)
    finished_at = pw.DateTimeField(null=True)
    count = pw.IntegerField(default=0)
    size = pw.BigIntegerField(default=0)
    sha = pw.CharField(max_length=64, default="")
    error = pw.CharField(max_length=500, default="")
    unhashed = ("claimed_at",)
    progress_name = "package"

    @property
    def name(self):
        return f"danju-{self.year}-{self.id}.zip"

    @property
    def file_name(self):
        return f"{self.id}.zip"

    @property
    def path(self):
        """Where its file is made."""
        return large_files.path_of(self.file_name)

    @functools.cached_property
    def gone(self):
        """Whether its file is gone: no backup holds packages, since each can be made again from
        what is filed."""
        return self.state == "done" and self.file_name not in large_files.names()

    @classmethod
    def newest(cls, query):
        """The last hundred; where their files are is asked once for all."""
        rows, names = list(query.order_by(cls.id.desc()).limit(100)), large_files.names()
        for row in rows:
            row.gone = row.state == "done" and row.file_name not in names
        return rows

    @classmethod
    def share_files(cls):
        """Let all hosts have what lies on this one from before they shared files."""
        done = cls.select().where(cls.state == "done")
        large_files.send_here({row.file_name for row in done})

    @classmethod
    @db.atomic()
    def ask(cls, by, year):
        """Request a package. Refused while one of that year is unfinished, or when nothing of the
        year is filed."""
        by.must("archive")
        Folder.select().where(Folder.year == year).exists() or refuse("package_empty", year=year)
        if cls.unfinished().where(cls.year == year).exists():
            refuse("package_running", year=year)
        row = cls.create(year=year, by=by, at=now())
        row.record("asked", by, year=year)
        return row

    def work(self):
        """Write the zip under another name and publish it when complete, so that a failure leaves
        no incomplete package."""
        partial = self.path.with_suffix(".part")
        try:
            writer = Writer(self.year, partial, self.note_progress)
            missing = writer.write()
            self._count("destroyed") == writer.destroyed or refuse("destroyed_meanwhile")
            size, sha = partial.stat().st_size, digest(partial)
            large_files.publish(partial, self.file_name)
            self.finish(
                "done",
                size=size,
                sha=sha,
                count=self._count("kept"),
                error=("missing: " + ", ".join(missing))[:500] if missing else "",
            )
        finally:
            partial.unlink(missing_ok=True)

    def _count(self, state):
        """How many filings of the year are in this state."""
        filings = Filing.select().join(Folder)
        return filings.where(Folder.year == self.year, Filing.state == state).count()

    def record_end(self, state, changes):
        facts = {k: v for k, v in changes.items() if k in ("sha", "error")}
        self.record(state, None, year=self.year, **facts)

    @db.atomic()
    def expire(self, by):
        """Withdraw the package, since something in it was destroyed; called by the destruction."""
        self.move("done", to="erased")
        self.record("erased", by, year=self.year)


class Writer:
    """Writes one year to disk, file by file and row by row, and hashes each file on the way."""

    def __init__(self, year, path, note_progress):
        self.year, self.path, self.note_progress = year, path, note_progress
        self.sums, self.seen, self.destroyed = [], {}, 0

    def write(self):
        """Write the package. Returns the codes of the filings whose file is missing or changed; the
        tables list them all the same."""
        folders, missing, names = contents.folders(self.year), [], {}
        count = sum(folder.last for folder in folders)
        with zipfile.ZipFile(self.path, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as self.archive:
            for i, row in enumerate(row for folder in folders for row in contents.filings(folder)):
                self.note_progress(i / (count + 1))
                self.destroyed += row.state == "destroyed"
                if row.state == "kept":
                    try:
                        names[row.id] = self._add(
                            self._file_name(row),
                            row.bytes(),
                            stored=row.extension in ("pdf", "png", "jpg", "zip", "ofd"),
                        )
                        self._add_older_versions(row)
                    except blobs.Damaged:
                        missing.append(row.code)
            for name, columns, lines in contents.tables_of(self.year):
                self._write(f"data/{name}.csv", _csv(columns, lines))
            page = contents.index(self.year, folders, names)
            self._write("index.html", map(str.encode, page))
            self._add("verify.py", TEMPLATE.read_bytes())
            self._add("MANIFEST.json", self._manifest(count, missing))
            self.archive.writestr(SUMS, "".join(f"{sha}  {name}\n" for name, sha in self.sums))
        with self.path.open("rb") as done:
            os.fsync(done.fileno())
        return missing

    def _file_name(self, row):
        """class/name; a repeated name gets its archive number as well."""
        name = f"{row.kind}/{row.name}"
        self.seen[name.lower()] = self.seen.get(name.lower(), 0) + 1
        return name if self.seen[name.lower()] == 1 else f"{row.kind}/{row.code}_{row.name}"

    def _add_older_versions(self, row):
        for version in row.file.in_order() if row.file else ():
            if version.sha != row.sha:
                self._add(
                    f"versions/{row.code}-v{version.number}.{version.extension}",
                    version.bytes(),
                )

    def _add(self, name, data, stored=False):
        self.archive.writestr(name, data, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
        self.sums.append((name, hashlib.sha256(data).hexdigest()))
        return name

    def _write(self, name, pieces):
        """A file that is too large for memory."""
        sha = hashlib.sha256()
        with self.archive.open(name, "w", force_zip64=True) as out:
            for piece in pieces:
                out.write(piece)
                sha.update(piece)
        self.sums.append((name, sha.hexdigest()))

    def _manifest(self, count, missing):
        head = Event.head()
        return json.dumps(
            json.loads(
                canonical(
                    {
                        "firm": Company.current().name,
                        "year": self.year,
                        "made_at": local(now()).isoformat(),
                        "filings": count,
                        "missing": missing,
                        "journal_head": head.hash,
                        "journal_id": head.id,
                    }
                )
            ),
            ensure_ascii=False,
            indent=1,
        ).encode()


def _csv(columns, lines):
    """The bytes of the table, row by row."""
    yield b"\xef\xbb\xbf"
    for cells in itertools.chain([columns], lines):
        text = io.StringIO()
        csv.writer(text).writerow(cells)
        yield text.getvalue().encode()


def digest(path):
    with open(path, "rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def verify(path):
    """A sentence for each fault of a package; empty if there is none."""
    found, listed = [], set()
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if SUMS not in names:
                return [f"{SUMS}: the list of hashes is missing"]
            for line in archive.read(SUMS).decode(errors="replace").splitlines():
                sha, _gap, name = line.partition("  ")
                listed.add(name)
                if name not in names:
                    found.append(f"{name}: missing")
                    continue
                try:
                    with archive.open(name) as source:
                        if hashlib.file_digest(source, "sha256").hexdigest() != sha:
                            found.append(f"{name}: changed")
                except (zipfile.BadZipFile, OSError, EOFError, ValueError) as error:
                    found.append(f"{name}: damaged ({error})")
            found += [f"{name}: not on the list" for name in sorted(names - listed - {SUMS})]
    except (zipfile.BadZipFile, OSError) as error:
        return [f"not a package that can be opened: {error}"]
    return found
