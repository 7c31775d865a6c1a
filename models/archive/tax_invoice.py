"""Incoming tax invoices (数电票): each number is accepted once and matched to our invoice."""

import datetime as dt
import re

import peewee as pw

from models.adapters.blobs import Damaged
from models.archive import tax_invoice_pdf
from models.archive.external_file import ExternalFile
from models.archive.filing import Filing
from models.archive.folder import Folder
from models.archive.tax_invoice_assignment import (
    Assignment,
    EInvoiceDocument,
    buyer_with,
    mains_with,
)
from models.archive.tax_invoice_reading import Reading, parsed, read
from models.company import Company
from models.core.clock import today
from models.core.database import db
from models.core.errors import Refused, refuse
from models.core.fields import MoneyField
from models.core.journal import Journaled
from models.core.model import Model
from models.core.unique import unique_or_refuse
from models.customers import Customer
from models.documents import Document

MOST_ALIKE = 50
NEAR = 5  # fen
TAX_ID = re.compile("[0-9A-Z]{15}|[0-9A-Z]{18}|[0-9A-Z]{20}")


class EInvoice(Assignment, Journaled, Model):
    """A tax invoice that was received. Its number is never accepted again, not even after it is
    destroyed."""

    number = pw.CharField(max_length=20, unique=True)
    seller_tax_id = pw.CharField(max_length=30)
    buyer_tax_id = pw.CharField(max_length=30, default="", index=True)
    issued_on = pw.DateField()
    total = MoneyField()
    file = pw.ForeignKeyField(ExternalFile, backref="einvoices")
    invoice = pw.ForeignKeyField(Document, null=True, backref="einvoices")
    found_by = pw.CharField(max_length=10, default="")

    @classmethod
    def drop(cls, by, data, filename):
        """Receive a tax invoice, bytes or a Reading of them: file and match it. Refused when it is
        not ours or was received before; the XML or OFD of one that came as a PDF becomes its next
        version. A PDF that cannot be read completely is filed too, and None is returned: a person
        has to type its data."""
        by.must("attach")
        by.must("drop_einvoice")
        return cls._drop(by, data if isinstance(data, Reading) else read(data), filename)

    @classmethod
    @db.atomic()
    def _drop(cls, by, reading, filename):
        file, content = reading
        if content is None:
            title = filename.rpartition(".")[0] or filename
            ExternalFile.receive(by, file, filename, "einvoice", title=title)
            return None
        if file.extension != "pdf" and (row := cls._received_as_pdf(content)):
            row.file.store_version(by, file, filename)
            return row
        invoice, found_by, customer = cls._match(content)
        file = ExternalFile.receive(
            by,
            file,
            filename,
            "einvoice",
            number=content["number"],
            title="" if customer else content["buyer_name"],
            customer=customer,
            document=invoice,
            day=content["issued_on"],
            currency="CNY",
            total=content["total"],
        )
        return cls._enter(by, content, file, invoice, found_by)

    @classmethod
    @db.atomic()
    def describe(cls, by, file, **typed):
        """Enter the typed data of a PDF that could not be read, and match it as if it had been
        read. Refused for the same reasons as `drop`."""
        by.must("drop_einvoice")
        waiting().where(ExternalFile.id == file.id).exists() or refuse("state_changed", now="read")
        for side in ("seller", "buyer"):
            not typed.get(side) and side == "buyer" or TAX_ID.fullmatch(
                typed.get(side, "").upper()
            ) or refuse("einvoice_tax_id")
        content = parsed(typed)
        dt.date(2000, 1, 1) <= content["issued_on"] <= today() or refuse("einvoice_day")
        invoice, found_by, customer = cls._match(content)
        file.filing.describe(
            by,
            content["number"],
            content["buyer_name"] if not customer else "",
            customer,
            content["issued_on"],
            "CNY",
            content["total"],
        )
        if invoice:
            ExternalFile.update(document=invoice.id).where(ExternalFile.id == file.id).execute()
            ExternalFile.get_by_id(file.id).record("assigned", by, invoice=invoice.number)
        return cls._enter(by, content, file, invoice, found_by)

    @classmethod
    def _received_as_pdf(cls, content):
        """The row that was read from a PDF with the same data, or None."""
        same = [
            getattr(cls, name) == content[name]
            for name in ("number", "seller_tax_id", "buyer_tax_id", "issued_on", "total")
        ]
        return (
            cls.select()
            .join(ExternalFile)
            .join(Filing)
            .where(Filing.state == "kept", Filing.name.endswith(".pdf"), *same)
            .first()
        )

    @classmethod
    def _match(cls, content):
        """(invoice or None, how it was found, customer or None). Refused when it is not ours or was
        received before."""
        ours = Company.current().tax_id.strip().upper()
        if ours and content["seller_tax_id"] != ours:
            refuse("einvoice_not_ours", number=content["number"], value=content["seller_tax_id"])
        if cls.select().where(cls.number == content["number"]).exists():
            refuse("einvoice_twice", number=content["number"])
        invoice, found_by = match(content)
        return (
            invoice,
            found_by,
            invoice.customer if invoice else buyer_with(content["buyer_tax_id"]),
        )

    @classmethod
    def _enter(cls, by, content, file, invoice, found_by):
        with unique_or_refuse("einvoice_twice", number=content["number"]):
            row = cls.create(
                file=file,
                invoice=invoice,
                found_by=found_by,
                **{
                    k: content[k]
                    for k in ("number", "seller_tax_id", "buyer_tax_id", "issued_on", "total")
                },
            )
        row.record(
            "dropped",
            by,
            number=row.number,
            invoice=invoice.number if invoice else None,
            found_by=found_by,
        )
        return row


def number_for(document):
    """The number of the tax invoice that belongs to our invoice, or ""."""
    found = EInvoice.select(EInvoice.number).where(EInvoice.invoice == document.id)
    return found.scalar() or "" if document.kind in ("invoice", "credit_note") else ""


def candidates(total, buyer_tax_id):
    """Our valid invoices without a tax invoice that have exactly this total."""
    return _of_buyer(total, buyer_tax_id).where(Document.total == abs(total), ~_has_one())


def near(total, buyer_tax_id):
    """Our valid invoices without a tax invoice whose total differs by a few fen at most, which tax
    platforms round away: the nearest first. A person decides."""
    off = pw.fn.ABS(Document.total - abs(total))
    return (
        _of_buyer(total, buyer_tax_id)
        .where(off <= NEAR, ~_has_one())
        .order_by(off, *_buyers_first(buyer_tax_id))
    )


def choices(total, buyer_tax_id, words=""):
    """All invoices that a person may choose for it, the likeliest first."""
    query = _of_buyer(total, buyer_tax_id)
    if words:
        query = query.where(Document.number.contains(words) | Customer.name.contains(words))
    off = pw.fn.ABS(Document.total - abs(total))
    likely = pw.Case(None, [((off <= NEAR) & ~_has_one(), 0), (~_has_one(), 1)], 2)
    return query.order_by(likely, Document.issued_on.desc(), Document.id.desc())


def _of_buyer(total, buyer_tax_id):
    """Our valid invoices in CNY that this one may belong to: first the buyer's, then those of
    customers whose tax id we do not know. A negative one (红字) belongs to a credit note."""
    query = (
        Document.standing()
        .select(Document, Customer)
        .join(Customer)
        .where(
            Document.kind == ("invoice" if total >= 0 else "credit_note"),
            Document.currency == "CNY",
        )
        .order_by(*_buyers_first(buyer_tax_id))
    )
    if not buyer_tax_id:
        return query
    return query.where(_theirs(buyer_tax_id) | (pw.fn.TRIM(Customer.tax_id) == ""))


def _theirs(buyer_tax_id):
    """The condition that the document is one of a buyer with this tax id."""
    return Customer.id.in_(Customer.groups_of(mains_with(buyer_tax_id)))


def _buyers_first(buyer_tax_id):
    first = [pw.Case(None, [(_theirs(buyer_tax_id), 0)], 1)] if buyer_tax_id else []
    return (*first, Document.issued_on, Document.id)


def _has_one(which=None):
    """The condition that a document has a tax invoice, or one of those in the query `which`."""
    first = EInvoice.select(EInvoice.invoice).where(EInvoice.invoice.is_null(False))
    further = EInvoiceDocument.select(EInvoiceDocument.document)
    if which is not None:
        first = first.where(EInvoice.id.in_(which))
        further = further.where(EInvoiceDocument.einvoice.in_(which))
    return Document.id.in_(first) | Document.id.in_(further)


def match(content):
    """(invoice or None, how it was found): by our number in the remark, else the only one of this
    buyer with this total. A number is enough where its customer has no tax id, unless the buyer's
    tax id is that of another customer."""
    found, buyer = candidates(content["total"], content["buyer_tax_id"]), content["buyer_tax_id"]
    theirs = Customer.groups_of(mains_with(buyer))
    named = [
        d
        for d in found.where(
            pw.fn.REPLACE(content["remark"], Document.number, "") != content["remark"]
        ).limit(MOST_ALIKE)
        if re.search(rf"(?<![0-9A-Za-z]){re.escape(d.number)}(?![0-9A-Za-z])", content["remark"])
    ]
    if named:
        certain = len(named) == 1 and (
            not buyer
            or theirs.where(Customer.id == named[0].customer_id).exists()
            or not theirs.exists()
        )
        return (named[0], "number") if certain else (None, "")
    same_total = list(found.where(Customer.id.in_(theirs)).limit(2)) if buyer else []
    return (same_total[0], "amount") if len(same_total) == 1 else (None, "")


def waiting():
    """Received PDFs that could not be read completely; a person has to type their data."""
    return (
        ExternalFile.select(ExternalFile, Filing)
        .join(Filing)
        .join(Folder)
        .where(
            Folder.kind == "einvoice",
            Filing.state == "kept",
            Filing.number == "",
            Filing.name.endswith(".pdf"),
            ExternalFile.id.not_in(EInvoice.select(EInvoice.file)),
        )
        .order_by(ExternalFile.id)
    )


def prefilled(file):
    """The data that could be read from such a PDF, for its form, with our own tax id as seller."""
    try:
        found = tax_invoice_pdf.found(file.filing.bytes())
    except (Damaged, Refused):
        found = {}
    return {"seller": Company.current().tax_id, **found}


def without_original():
    """Valid invoices and credit notes in CNY whose tax invoice was not received as XML or OFD,
    which are the original; a PDF is only a copy."""
    return Document.standing().where(
        Document.kind.in_(("invoice", "credit_note")),
        Document.currency == "CNY",
        ~Document.imported,
        ~_has_one() | _has_one(_as_pdf()),
    )


def as_pdf():
    """Those of them whose tax invoice was received as a PDF."""
    return without_original().where(_has_one(_as_pdf()))


def _as_pdf():
    return (
        EInvoice.select(EInvoice.id)
        .join(ExternalFile)
        .join(Filing)
        .where(Filing.name.endswith(".pdf"))
    )


Document.tax_invoice_number = number_for
