"""Legal hold: until it is lifted, nothing that it covers is destroyed, even when due."""

import functools

import peewee as pw

from models.adapters import search
from models.archive.filing import Filing
from models.core.clock import now
from models.core.database import db
from models.core.errors import Forbidden, refuse
from models.core.journal import Journaled
from models.core.model import Model
from models.customers import Customer
from models.documents import Document
from models.people import User

AT_ONCE = 400  # holds in one query


class LegalHold(Journaled, Model):
    """A hold on a customer's filings, on one document with its files, or on the results of a
    search; it also covers what is filed later."""

    name = pw.CharField(max_length=100)
    state = pw.CharField(max_length=10, default="active", index=True)
    reason = pw.CharField(max_length=500)
    customer = pw.ForeignKeyField(Customer, null=True)
    document = pw.ForeignKeyField(Document, null=True)
    query = pw.CharField(max_length=200, default="")
    placed_by = pw.ForeignKeyField(User)
    placed_at = pw.DateTimeField()
    lifted_at = pw.DateTimeField(null=True)
    lift_reason = pw.CharField(max_length=500, default="")

    @classmethod
    @db.atomic()
    def place(cls, by, name, reason, customer=None, document=None, query=""):
        """Place a hold by exactly one of customer, document or search."""
        _must_hold(by, customer, document)
        name.strip() or refuse("name_needed")
        reason.strip() or refuse("reason_needed")
        bool(customer) + bool(document) + bool(query.strip()) == 1 or refuse("hold_scope")
        row = cls.create(
            name=name.strip()[:100],
            reason=reason.strip()[:500],
            customer=customer,
            document=document,
            query=query.strip()[:200],
            placed_by=by,
            placed_at=now(),
        )
        row.record("placed", by, name=row.name, reason=row.reason)
        return row

    @db.atomic()
    def lift(self, by, reason):
        """Lift the hold; what it covered may be destroyed when due."""
        _must_hold(by, self.customer, self.document)
        reason.strip() or refuse("reason_needed")
        self.move("active", to="lifted", lifted_at=now(), lift_reason=reason.strip()[:500])
        self.record("lifted", by, reason=reason)

    @classmethod
    def active(cls):
        return cls.select().where(cls.state == "active")

    @classmethod
    def of_customers(cls, rows, customers):
        """Those of the rows that hold these customers or their documents. A search goes through the
        files of all, so that not even the number of what it found is told."""
        documents = Document.select(Document.id).where(Document.customer.in_(customers))
        return rows.where(cls.customer.in_(customers) | cls.document.in_(documents))

    @classmethod
    def covering(cls, filing):
        return cls.covering_each([filing])[filing.id]

    @classmethod
    def covering_each(cls, filings):
        """{filing id: the active holds that cover it} of these filings."""
        found, holds = {filing.id: [] for filing in filings}, list(cls.active())
        for begin in range(0, len(holds), AT_ONCE):
            part = holds[begin : begin + AT_ONCE]
            covered = [hold.filings().where(Filing.id.in_(list(found))) for hold in part]
            columns = [(pw.Value(n), Filing.id) for n in range(len(part))]
            rows = [rows.select(*names) for rows, names in zip(covered, columns, strict=True)]
            for n, filing in functools.reduce(pw.Select.union_all, rows).tuples():
                found[filing].append(part[n])
        return found

    def filings(self):
        """The filings that it covers, as a query."""
        if self.customer_id:
            return Filing.kept().where(Filing.customer.in_(Customer.one_with(self.customer_id)))
        if self.document_id:
            files = self.document.external_files
            file, further = files.model, self.document.further_einvoices.model
            of_further = file.select(file.filing).join(further.einvoice.rel_model).join(further)
            return Filing.kept().where(
                (Filing.document == self.document_id)
                | Filing.id.in_(files.select(file.filing))
                | Filing.id.in_(of_further.where(further.document == self.document_id))
            )
        return Filing.kept().where(Filing.id.in_(search.find(self.query, "filings")))


def _must_hold(by, customer, document):
    """A hold is for whoever is responsible for its customer or document, that of a search for
    those who see all."""
    by.must("legal_hold", customer or document)
    if not (customer or document or by.sees_all):
        raise Forbidden("legal_hold")
