"""Files from outside: scans, signed delivery slips, contracts, tax invoices; several versions, each
with its hash."""

import peewee as pw

from models.adapters import blobs, received
from models.archive.correction import Correction
from models.archive.filing import Filing
from models.archive.folder import FROM_OUTSIDE
from models.core import filenames
from models.core.clock import now, today
from models.core.database import db
from models.core.errors import refuse
from models.core.journal import Journaled, columns_of
from models.core.model import Model
from models.customers import Customer
from models.documents import Document
from models.people import User

MOST_VERSIONS = 50


def examined(data):
    """The file with its kind. Refused for other kinds than ours."""
    data or refuse("file_empty")
    file = received.examined(data)
    file.extension in filenames.KINDS or refuse("file_kind")
    return file


class ExternalFile(Correction, Journaled, Model):
    """One file from outside, filed at once in its class and fiscal year."""

    filing = pw.ForeignKeyField(Filing, unique=True, backref="external")
    document = pw.ForeignKeyField(Document, null=True, backref="external_files")
    note = pw.CharField(max_length=1000, default="")

    def content_rows(self):
        return {
            "file": columns_of(self),
            "versions": [columns_of(v) for v in self.in_order()],
        }

    def in_order(self):
        """Its versions, oldest first."""
        return self.versions.order_by(ExternalVersion.id)

    @property
    def newest(self):
        return self.versions.order_by(ExternalVersion.number.desc()).first()

    def version(self, number):
        return self.versions.where(ExternalVersion.number == min(number, MOST_VERSIONS)).first()

    @classmethod
    def receive(cls, by, data, filename, kind, **facts):
        """Keep the file, bytes or Received, and give it its place. Refused for a kind of content we
        do not keep, or a stranger's document."""
        by.must("attach")
        return cls._receive(by, examined(data), filename, kind, **facts)

    @classmethod
    @db.atomic()
    def _receive(
        cls,
        by,
        file,
        filename,
        kind,
        title="",
        number="",
        customer=None,
        document=None,
        day=None,
        note="",
        currency="",
        total=0,
    ):
        kind in FROM_OUTSIDE or refuse("choice_unknown")
        if document:
            by.sees.documents().where(Document.id == document.id).exists() or refuse("not_yours")
            if document.state in ("destroyed", "discarded"):
                refuse("state_changed", now=document.state)
            customer = customer or document.customer
            document.customer.is_one_with(customer.id) or refuse("other_customer")
        customer is None or by.sees.customers().where(
            Customer.id == customer.leading.id
        ).exists() or refuse("not_yours")
        customer or by.sees_all or refuse("customer_needed")
        sha, filename = blobs.keep(file.data), filenames.of_kind(filename, file.extension)
        filing = Filing.enter(
            by,
            kind,
            day or today(),
            sha,
            file.extension,
            number=number[:100],
            title=title[:200] or ("" if number and customer else filename.rpartition(".")[0]),
            customer=customer,
            currency=currency,
            total=total,
        )
        row = cls.create(filing=filing, document=document, note=note[:1000])
        ExternalVersion.create(
            file=row,
            number=1,
            filename=filename,
            mime=file.mime,
            size=len(file.data),
            sha=sha,
            by=by,
            at=now(),
        )
        row.record("taken_in", by, sha=sha, filename=filename)
        filing.index()
        return row

    def add_version(self, by, data, filename, note=""):
        """A newer scan or a corrected file, bytes or Received; the older ones stay. Refused for the
        same bytes again."""
        by.must("attach")
        if self.filing.kind == "einvoice":
            refuse("einvoice_fixed")
        self.store_version(by, examined(data), filename, note)

    @db.atomic()
    def store_version(self, by, file, filename, note=""):
        """Add a version. Called by `add_version`, and for a tax invoice whose XML comes after its
        PDF."""
        by.must("attach")
        self.filing.state == "kept" or refuse("state_changed", now=self.filing.state)
        self.versions.count() < MOST_VERSIONS or refuse("versions_many", most=MOST_VERSIONS)
        sha = blobs.keep(file.data)
        if self.versions.where(ExternalVersion.sha == sha).exists():
            refuse("version_same")
        number = self.newest.number + 1
        filing = self.filing
        filing.sha, filing.read, filing.name = (
            sha,
            None,
            f"{filing.name.rpartition('.')[0]}.{file.extension}",
        )
        filing.save()
        ExternalVersion.create(
            file=self,
            number=number,
            filename=filenames.of_kind(filename, file.extension),
            mime=file.mime,
            size=len(file.data),
            sha=sha,
            by=by,
            at=now(),
            note=note[:500],
        )
        filing.record("renewed", by, version=number, sha=sha)
        self.record("version_added", by, version=number, sha=sha)
        filing.index()

    @db.atomic()
    def detach(self, by, reason):
        """Remove the link to its document; called by the verb that corrects the link."""
        self.document = None
        self.save()
        self.record("parted", by, reason=reason)

    @db.atomic()
    def destroy(self, by, reason):
        """Erase its texts; hashes stay. Called by its filing only."""
        self.note = ""
        self.save()
        ExternalVersion.update(state="destroyed", filename="", note="").where(
            ExternalVersion.file == self.id
        ).execute()
        self.record("destroyed", by, reason=reason)


class ExternalVersion(Model):
    """One version of a file, with the hash of its bytes; part of its file in the journal."""

    file = pw.ForeignKeyField(ExternalFile, backref="versions")
    number = pw.IntegerField()
    state = pw.CharField(max_length=10, default="kept")
    filename = pw.CharField(default="")
    mime = pw.CharField(max_length=100)
    size = pw.IntegerField()
    sha = pw.CharField(max_length=64)
    by = pw.ForeignKeyField(User)
    at = pw.DateTimeField()
    note = pw.CharField(max_length=500, default="")

    class Meta:
        indexes = ((("file", "number"), True),)

    @property
    def extension(self):
        """By its content: an earlier version kept the name as it came."""
        return filenames.extension_of(self.mime)

    def bytes(self):
        self.state == "kept" or refuse("is_destroyed")
        return blobs.fetch(self.sha)
