"""Filing: one thing in the archive, with its number, its name, its hash."""

import peewee as pw

from models.adapters import search
from models.adapters.blobs import fetch
from models.adapters.outbox import Mail
from models.archive import reading
from models.archive.folder import Folder, fiscal_year
from models.archive.naming import FilingRule, facts_of
from models.core.clock import now, today
from models.core.database import db
from models.core.errors import refuse
from models.core.fields import JSONField, MoneyField
from models.core.journal import Journaled
from models.core.model import Model
from models.core.money import format_money
from models.customers import Customer
from models.documents import Document
from models.dunning import Reminder

MOST_TAGS = 20


@search.source("filings", store=search.texts)
class Filing(Journaled, Model):
    """A paper or file in its folder: kept, and in the end destroyed; or the place it left when it
    was corrected into another folder (moved). `read` is when its text was taken for the search."""

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

    @property
    def kind(self):
        return self.folder.kind

    @property
    def file(self):
        """The file from outside that was filed, or None for our own papers."""
        return self.external.first()

    @property
    def extension(self):
        return self.name.rpartition(".")[2]

    @classmethod
    def file_document(cls, by, document):
        """File an issued or voided document with its PDF (归档); a voided one stays void. `by` None
        is the rule."""
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
        filing = cls.put(
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
    def put(
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
        """Give it a place, an archive number and a name by the class's rule. The bytes are kept
        already."""
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
        row.name = row._named(extension)
        try:
            with db.atomic():
                row.save(force_insert=True)
        except pw.IntegrityError:
            refuse("already_filed")
        row.record("filed", by, code=code, name=row.name, sha=sha)
        row.index()
        return row

    @db.atomic()
    def tag(self, by, tags):
        """Give it these tags, at most twenty."""
        by.must("tag")
        self.state == "kept" or refuse("state_changed", now=self.state)
        tags = list(dict.fromkeys(t.strip()[:40] for t in tags if t.strip()))
        len(tags) <= MOST_TAGS or refuse("tags_many", most=MOST_TAGS)
        self.tags = tags
        self.save()
        self.record("tagged", by, tags=tags)
        self.index()

    def _named(self, extension):
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
    def belong_to(self, customer, by):
        """The customer of a file that came in before anyone knew whose it is, or None again, and
        the name with it; called by the file's own verbs."""
        if self.customer != customer:
            self.customer = customer
            self.name = self._named(self.extension)
            self.save()
            self.record("assigned", by, customer=customer and customer.name, name=self.name)
            self.index()

    @db.atomic()
    def describe(self, by, number, title, customer, day, currency, total):
        """What a file turned out to be, once a person has said so; it keeps its place. Called by
        the file's own verbs."""
        self.number, self.title, self.day, self.currency, self.total = (
            number[:100],
            title[:200],
            day,
            currency,
            total,
        )
        self.customer = customer or self.customer
        self.name = self._named(self.extension)
        self.save()
        self.record("described", by, number=number)
        self.index()

    @db.atomic()
    def correct(self, by, reason, kind, day, customer, title, number):
        """What was said of it wrongly; True when anything is said differently now. Called by the
        file's own verb."""
        was, self.customer, self.title, self.number = self._said(), customer, title, number
        if (
            kind != self.kind or day != self.day and fiscal_year(day) != self.folder.year
        ):  # a year reckoned anew since moves nothing
            self._move(by, kind, day, reason)
        self.day = day
        self.name = self._named(self.extension)
        said = self._said()
        changed = [name for name in said if said[name] != was[name]]
        if changed:
            self.save()
            self.record(
                "corrected",
                by,
                reason=reason,
                was={n: was[n] for n in changed},
                now={n: said[n] for n in changed},
            )
            self.index()
        return bool(changed)

    def _said(self):
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
        """Take the next place there. What stays in the old one names the new number and nobody's
        customer, who may be corrected again; the bytes are not its."""
        folder, position, code = self.folder, self.folder_position, self.code
        self.folder, self.folder_position = Folder.draw_position(kind, day)
        self.code = self.folder.code(self.folder_position)
        self.save()
        left = type(self).create(
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
        left.record("moved", by, code=code, to=self.code, reason=reason)

    def index(self):
        """Let the search know it by its facts; the text of its file is read by a job."""
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
            yield from (file.note, *(v.filename for v in file.versions))

    def bytes(self):
        """The file as filed, checked against its hash. Refused once it is destroyed, and for the
        place that it left."""
        self.state != "destroyed" or refuse("is_destroyed")
        self.state == "kept" or refuse("state_changed", now=self.state)
        return fetch(self.sha)

    @db.atomic()
    def destroy(self, by, reason):
        """Put out what it holds; number, hash and reason stay, also the reason of a
        correction in the place that was left. The bytes are erased after the transaction."""
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
        elif file := self.file:
            file.destroy(by, reason)
        search.remove(self)
        self.record("destroyed", by, code=self.code, sha=self.sha, reason=reason)


def read_waiting(most=200):
    """Take the text out of what was filed lately, so that the search finds it; a job calls this,
    never an upload."""
    for row in list(Filing.kept().where(Filing.read.is_null()).order_by(Filing.id).limit(most)):
        text = reading.text_of(row)
        with db.atomic():
            if (
                Filing.update(read=now())
                .where(Filing.id == row.id, Filing.state == "kept", Filing.read.is_null())
                .execute()
            ):
                search.read(row, text)
