"""Document: fields, relations and scopes; each verb has a file of its own in this folder."""

import contextlib
import functools
import itertools
from decimal import Decimal

import peewee as pw
from peewee import fn

from models.adapters import search
from models.core.clock import today
from models.core.fields import JSONField, MoneyField, RateField
from models.core.journal import Journaled, columns_of
from models.core.model import Model
from models.core.money import digits
from models.core.prepared import prepared
from models.customers import Contact, Customer
from models.documents.archiving import Archiving
from models.documents.confirmation import Confirmation
from models.documents.conversion import Conversion
from models.documents.crediting import Crediting
from models.documents.dating import Dating
from models.documents.doubts import Doubts
from models.documents.draft import Drafting
from models.documents.equality import Equality
from models.documents.history import History
from models.documents.invoice import Receivable
from models.documents.issue import Issue
from models.documents.line import Line
from models.documents.other_customer import OtherCustomer
from models.documents.picturing import Picturing
from models.documents.rewriting import Rewriting
from models.documents.sending import Sending
from models.documents.snapshot import Snapshot
from models.documents.stamping import Stamping
from models.documents.submission import Submission
from models.documents.untouched import Untouched
from models.documents.voiding import Voiding
from models.numbering import NUMBERED, NumberSeries
from models.people import User
from models.printed import Printed

KINDS = ("quote", "order", "delivery_note", "invoice", "credit_note")
ISSUABLE = ("approved",)


@search.source("documents", short=False)
class Document(
    History,
    Rewriting,
    Drafting,
    OtherCustomer,
    Untouched,
    Submission,
    Dating,
    Doubts,
    Issue,
    Voiding,
    Confirmation,
    Conversion,
    Equality,
    Sending,
    Stamping,
    Picturing,
    Receivable,
    Crediting,
    Snapshot,
    Archiving,
    Printed,
    Journaled,
    Model,
):
    """A sales document of any kind, from draft to destroyed."""

    kind = pw.CharField(max_length=20, index=True)
    state = pw.CharField(max_length=12, default="draft", index=True)
    number = pw.CharField(null=True)
    series = pw.ForeignKeyField(NumberSeries, null=True, on_delete="RESTRICT")
    series_position = pw.IntegerField(null=True, column_name="place")
    customer = pw.ForeignKeyField(Customer, backref="documents")
    contact = pw.ForeignKeyField(Contact, null=True)
    owner = pw.ForeignKeyField(User, null=True)
    currency = pw.CharField(max_length=3)
    language = pw.CharField(max_length=2)
    date = pw.DateField()
    chosen_date = pw.DateField(null=True)  # to be printed; None: the day of issue
    terms_days = pw.IntegerField(default=30)
    due_on = pw.DateField(null=True)
    valid_until = pw.DateField(null=True)
    delivery_on = pw.DateField(null=True)
    reference = pw.CharField(default="")
    note = pw.TextField(default="")
    internal_note = pw.TextField(default="")
    prices_include_tax = pw.BooleanField(default=False)
    discount = RateField(default=0)
    net = MoneyField(default=0)
    tax = MoneyField(default=0)
    total = MoneyField(default=0)
    version = pw.IntegerField(default=1)
    source = pw.ForeignKeyField("self", null=True, backref="followers")
    issued_on = pw.DateField(null=True)
    issued_by = pw.ForeignKeyField(User, null=True)
    snapshot = JSONField(null=True)
    pdf_sha256 = pw.CharField(max_length=64, null=True, column_name="paper")
    void_reason = pw.CharField(max_length=500, default="")
    voided_on = pw.DateField(null=True)
    confirmed_at = pw.DateTimeField(null=True)
    confirmed_by = pw.CharField(default="")
    signature = pw.CharField(max_length=64, null=True)
    imported = pw.BooleanField(default=False)
    import_id = pw.IntegerField(default=0)  # of the import that made it; 0 for all others
    unhashed = ("import_id",)
    untold = ("contact", "reference", "note", "internal_note")  # nothing of it outlives destruction
    mail_keys = "document-{id}-"

    class Meta:
        hidden_by = "id"
        indexes = (
            (("kind", "number"), True),
            (("customer", "date"), False),
            (("total", "id"), False),
            (("owner", "confirmed_at"), False),
        )

    @classmethod
    def given_out(cls):
        """Documents that have a number and were not destroyed: issued, archived, voided."""
        return cls.select().where(cls.state.in_(("issued", "archived", "voided")))

    @classmethod
    def standing(cls):
        """Issued documents that are still valid: neither voided nor destroyed."""
        return cls.select().where(cls.state.in_(("issued", "archived")))

    @classmethod
    def get_fresh(cls, document):
        """The row as it is now in the database."""
        return cls.get_by_id(document.id)

    def content_rows(self):
        return {
            "document": columns_of(self),
            "lines": [columns_of(line) for line in self.ordered_lines()],
        }

    def content(self):
        fresh = type(self).get_by_id(self.id)
        if "read_lines" in self.__dict__:
            fresh.read_lines = self.read_lines
        return fresh.content_as_read()

    search_fields = "number reference total currency".split()

    def search_words(self):
        return [
            self.number,
            self.reference,
            f"{Decimal(self.total).scaleb(-digits(self.currency)):f}",
        ]

    @classmethod
    def with_parts(cls):
        """Every document with its lines, in two queries for all: a query for each document would
        take minutes in a large company."""
        groups = itertools.groupby(
            Line.select().order_by(Line.document, Line.position, Line.id).iterator(),
            key=lambda line: line.document_id,
        )
        document_id, lines = next(groups, (None, ()))
        for row in cls.select().order_by(cls.id).iterator():
            while document_id is not None and document_id < row.id:
                document_id, lines = next(groups, (None, ()))
            row.read_lines = list(lines) if document_id == row.id else []
            yield row

    def ordered_lines(self):
        if "read_lines" in self.__dict__:
            return self.read_lines
        return lines_of(self.id)

    @contextlib.contextmanager
    def lines_read_once(self):
        """Inside, a verb that changes no line reads them only once."""
        self.read_lines = self.ordered_lines()
        try:
            yield
        finally:
            del self.read_lines

    @classmethod
    def is_begun(cls):
        """The condition that it is a draft, or came back; written out, as the partial index is only
        used then."""
        return cls.state.in_(pw.SQL("('draft', 'returned')"))

    @property
    def editable(self):
        return self.state in ("draft", "returned", "submitted", "approved")

    @property
    def name(self):
        return self.number or f"{self.kind} {self.id}"

    @property
    def expired(self):
        return bool(self.kind == "quote" and self.valid_until and self.valid_until < today())


@prepared
def lines_of(document):
    return Line.select().where(Line.document == document).order_by(Line.position, Line.id)


def _of_kind(kind):
    return Document.select().where(Document.kind == kind, Document.number.is_null(False))


NUMBERED.update({kind: functools.partial(_of_kind, kind) for kind in KINDS})
# The date that a document bears: of drafts the day on which they were begun. Indexed, and never
# empty, so that lists are sorted by it as it is.
ISSUED = fn.COALESCE(Document.issued_on, Document.date)
ISSUED.null = False
