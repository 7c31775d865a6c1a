"""Filing: one document or file in the archive, with its archive number, name and hash."""

import peewee as pw

from models.adapters import search
from models.adapters.blobs import fetch
from models.adapters.outbox import Mail
from models.archive import reading
from models.archive.folder import Folder, fiscal_year
from models.archive.naming import FilingRule, facts_of
from models.core.clock import now, today
from models.core.database import db, one_snapshot
from models.core.errors import refuse
from models.core.fields import JSONField, MoneyField
from models.core.journal import Journaled
from models.core.model import Model
from models.core.money import format_money
from models.core.unique import unique_or_refuse
from models.customers import Customer
from models.documents import Document
from models.dunning import Reminder
from models.payments import Payment
from models.receivables.statement import Statement

MOST_TAGS = 20


@search.source("filings", store=search.texts)
class Filing(Journaled, Model):
    """A document or file in its folder: kept, and finally destroyed; or, as `moved`, the position
    that it had before it was corrected into another folder. `read` is the time at which its text
    was extracted for the search."""

    folder = pw.ForeignKeyField(Folder, backref="filings")
    folder_position = pw.IntegerField(column_name="place")
    code = pw.CharField(max_length=40, unique=True)
    state = pw.CharField(max_length=10, default="kept", index=True)
    name = pw.CharField()
    title = pw.CharField(default="")
    number = pw.CharField(default="")
    day = pw.DateField()
    customer = pw.ForeignKeyField(Customer, null=True, backref="filings")
    currency = pw.CharField(max_length=3, default="")
    total = MoneyField(default=0)
    document = pw.ForeignKeyField(Document, null=True, unique=True, backref="filings")
    reminder = pw.ForeignKeyField(Reminder, null=True, unique=True)
    statement = pw.ForeignKeyField(Statement, null=True, unique=True)
    payment = pw.ForeignKeyField(Payment, null=True, unique=True)
    sha = pw.CharField(max_length=64)
    tags = JSONField(default=list)
    at = pw.DateTimeField()
    read = pw.DateTimeField(null=True)
    destroyed_on = pw.DateField(null=True)
    reason = pw.CharField(max_length=500, default="")
    moved_to = pw.ForeignKeyField("self", null=True, backref="left")
    unhashed = ("read",)

    class Meta:
        indexes = ((("folder", "folder_position"), True), (("customer", "day"), False))

    @classmethod
    def kept(cls):
        return cls.select().where(cls.state == "kept")

    @classmethod
    def of(cls, document):
        return cls.get_or_none(cls.document == document.id)

    @classmethod
    @one_snapshot()
    def folders_with_gaps(cls):
        """[(folder, number of its filings)] where these are not as many as it gave positions."""
        used = dict(cls.select(cls.folder, pw.fn.COUNT(cls.id)).group_by(cls.folder).tuples())
        return [(f, used.get(f.id, 0)) for f in Folder.select() if used.get(f.id, 0) != f.last]

    @property
    def kind(self):
        return self.folder.kind

    @property
    def file(self):
        """The external file that was filed, or None for our own documents."""
        return self.external.first()

    @property
    def extension(self):
        return self.name.rpartition(".")[2]

    @classmethod
    def file_document(cls, by, document):
        """File an issued or voided document with its PDF (归档); a voided one stays voided. `by` is
        None when the rule of the class files it."""
        if by is not None:
            by.must("archive", document)
        document.state in ("issued", "voided") or refuse("state_changed", now=document.state)
        document.pdf_bytes()
        cls._file_document(by, document)

    @classmethod
    @db.atomic()
    def _file_document(cls, by, document):
        if document.state == "issued":
            document.move("issued", to="archived")
        filing = cls.enter(
            by,
            document.kind,
            document.issued_on,
            document.pdf_sha256,
            number=document.number,
            customer=document.customer,
            currency=document.currency,
            total=document.total,
            document=document,
        )
        document.record("archived", by, code=filing.code)

    @classmethod
    @db.atomic()
    def enter(
        cls,
        by,
        kind,
        day,
        sha,
        extension="pdf",
        number="",
        title="",
        customer=None,
        currency="",
        total=0,
        **source,
    ):
        """Create the filing with its position, archive number and name by the rule of the class.
        The bytes are stored already."""
        folder, position = Folder.draw_position(kind, day)
        code = folder.code(position)
        row = cls(
            folder=folder,
            folder_position=position,
            code=code,
            number=number,
            title=title,
            day=day,
            customer=customer,
            currency=currency,
            total=total,
            sha=sha,
            at=now(),
            **source,
        )
        row.name = row._name_by_rule(extension)
        with unique_or_refuse("already_filed"):
            row.save(force_insert=True)
        row.record("filed", by, code=code, name=row.name, sha=sha)
        row.index()
        return row

    @db.atomic()
    def tag(self, by, tags):
        """Set its tags, at most twenty."""
        by.must("tag")
        self.state == "kept" or refuse("state_changed", now=self.state)
        tags = list(dict.fromkeys(t.strip()[:40] for t in tags if t.strip()))
        len(tags) <= MOST_TAGS or refuse("tags_many", most=MOST_TAGS)
        if tags == self.tags:
            return
        self.tags = tags
        self.save()
        self.record("tagged", by, tags=tags)
        self.index()

    def _name_by_rule(self, extension):
        facts = facts_of(
            self.code,
            self.number,
            self.title,
            self.customer.name if self.customer else "",
            self.day,
            self.currency,
            format_money(self.total, self.currency).replace(",", "") if self.currency else "",
        )
        return FilingRule.of(self.kind).name(facts, extension)

    @db.atomic()
    def assign_customer(self, customer, by):
        """Set the customer of a file that was filed without one, or None again, and rename it;
        called by the verbs of the file."""
        if self.customer != customer:
            self.customer = customer
            self.name = self._name_by_rule(self.extension)
            self.save()
            self.record("assigned", by, customer=customer and customer.name, name=self.name)
            self.index()

    @db.atomic()
    def describe(self, by, number, title, customer, day, currency, total):
        """Set the data of a file that could not be read, as typed by a person; it keeps its
        position. Called by the verbs of the file."""
        self.number, self.title, self.day, self.currency, self.total = (
            number[:100],
            title[:200],
            day,
            currency,
            total,
        )
        self.customer = customer or self.customer
        self.name = self._name_by_rule(self.extension)
        self.save()
        self.record("described", by, number=number)
        self.index()

    @db.atomic()
    def correct(self, by, reason, kind, day, customer, title, number):
        """Correct its data; True when anything has changed. Called by the verb of the file."""
        before = self._description()
        self.customer, self.title, self.number = customer, title, number
        # On the same day it stays, even if the fiscal year was defined differently at filing.
        if kind != self.kind or day != self.day and fiscal_year(day) != self.folder.year:
            self._move(by, kind, day, reason)
        self.day = day
        self.name = self._name_by_rule(self.extension)
        after = self._description()
        changed = [name for name in after if after[name] != before[name]]
        if changed:
            self.save()
            self.record(
                "corrected",
                by,
                reason=reason,
                was={n: before[n] for n in changed},
                now={n: after[n] for n in changed},
            )
            self.index()
        return bool(changed)

    def _description(self):
        return {
            "class": self.kind,
            "date": self.day,
            "customer": self.customer and self.customer.name,
            "title": self.title,
            "number": self.number,
            "code": self.code,
            "name": self.name,
        }

    def _move(self, by, kind, day, reason):
        """Move to the next position of another folder. The row left at the old position has the new
        archive number but neither customer nor bytes, since both may be corrected again."""
        folder, position, code = self.folder, self.folder_position, self.code
        self.folder, self.folder_position = Folder.draw_position(kind, day)
        self.code = self.folder.code(self.folder_position)
        self.save()
        old = type(self).create(
            folder=folder,
            folder_position=position,
            code=code,
            name=code,
            state="moved",
            moved_to=self,
            day=self.day,
            sha=self.sha,
            at=self.at,
            reason=reason,
        )
        old.record("moved", by, code=code, to=self.code, reason=reason)

    def index(self):
        """Index its data for the search; the text of its file is extracted by a job."""
        search.index(self)

    def search_words(self):
        yield from (
            self.code,
            *(f.code for f in self.left),
            self.number,
            self.name,
            self.title,
            self.customer.name if self.customer else "",
            *self.tags,
        )
        if self.document:
            d = self.document
            yield from (d.reference, d.note, d.internal_note, *(x.text for x in d.messages))
            yield from (f"{x.code} {x.name} {x.note}" for x in d.ordered_lines())
        elif file := self.file:
            yield from (file.note, *(v.filename for v in file.in_order()))

    def bytes(self):
        """The bytes as filed, checked against their hash. Refused when it is destroyed or moved."""
        self.state != "destroyed" or refuse("is_destroyed")
        self.state == "kept" or refuse("state_changed", now=self.state)
        return fetch(self.sha)

    @db.atomic()
    def destroy(self, by, reason):
        """Erase its texts; number, hash and reason stay, also those of the position that it had
        before a correction. The bytes are erased after the transaction."""
        self.move(
            "kept",
            to="destroyed",
            destroyed_on=today(),
            reason=reason[:500],
            title="",
            tags=[],
            name=self.code,
        )
        if self.document:
            self.document.destroy(by, reason)
        elif self.reminder:
            Mail.update(context={}, attachment=None, filename="").where(
                Mail.reminder == self.reminder_id
            ).execute()
            Reminder.update(snapshot={}).where(Reminder.id == self.reminder_id).execute()
            Reminder.get_by_id(self.reminder_id).record("destroyed", by, reason=reason)
        elif self.statement:
            self.statement.destroy(by, reason)
        elif self.payment:
            self.payment.destroy_slip(by, reason)
        elif file := self.file:
            file.destroy(by, reason)
        search.remove(self)
        self.record("destroyed", by, code=self.code, sha=self.sha, reason=reason)

    @db.atomic()
    def withdraw(self, by, reason):
        """Take a document out again whose import is undone. The row keeps its position, number and
        hash, so that no archive number is missing."""
        if self.document.state == "archived":
            self.document.move("archived", to="issued")
        self.move(
            "kept",
            to="withdrawn",
            document=None,
            customer=None,
            reason=reason[:500],
            title="",
            tags=[],
            name=self.code,
        )
        search.remove(self)
        self.record("withdrawn", by, code=self.code, sha=self.sha, reason=reason)


def read_waiting(most=200):
    """Extract the texts of new filings for the search; called by a job, since it may take long."""
    for row in list(Filing.kept().where(Filing.read.is_null()).order_by(Filing.id).limit(most)):
        text = reading.text_of(row)
        with db.atomic():
            if (
                Filing.update(read=now())
                .where(Filing.id == row.id, Filing.state == "kept", Filing.read.is_null())
                .execute()
            ):
                search.read(row, text)
