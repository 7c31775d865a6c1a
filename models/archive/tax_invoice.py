"""The drop box of tax invoices (数电票): each number once, matched to our invoice."""

import datetime as dt
import re

import peewee as pw

from models.adapters.blobs import Damaged
from models.archive import tax_invoice_pdf
from models.archive.correction import free
from models.archive.external_file import ExternalFile, type_of
from models.archive.filing import Filing
from models.archive.folder import Folder
from models.archive.tax_invoice_reading import meaning_of, read
from models.company import Company
from models.core.clock import today
from models.core.database import db
from models.core.errors import Refused, refuse
from models.core.fields import MoneyField
from models.core.journal import Journaled
from models.core.model import Model
from models.customers import Customer
from models.documents import Document

MOST_ALIKE = 50
TAX_ID = re.compile("[0-9A-Z]{15}|[0-9A-Z]{18}|[0-9A-Z]{20}")
UNSAID = {"einvoice_number", "einvoice_total", "einvoice_day", "einvoice_seller_missing"}


class EInvoice(Journaled, Model):
    """A tax invoice that came in: its number is never taken a second time, not even after it is
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
    @db.atomic()
    def drop(cls, by, data, filename):
        """Take a tax invoice in: read, file, match. Refused when it is not ours or was taken
        before; the XML or OFD of one that came as a PDF follows it. A PDF that does not say all of
        it is filed too and waits for a person to type it; then there is no row yet."""
        by.must("attach")
        by.must("drop_einvoice")
        try:
            said = read(data)
        except Refused as error:
            if error.code not in UNSAID or type_of(data)[0] != "pdf":
                raise
            ExternalFile.receive(
                by, data, filename, "einvoice", title=filename.rpartition(".")[0] or filename
            )
            return None
        if type_of(data)[0] != "pdf" and (row := cls._printed(said)):
            row.file.follow(by, data, filename)
            return row
        invoice, found_by, customer = cls._placed(said)
        file = ExternalFile.receive(
            by,
            data,
            filename,
            "einvoice",
            number=said["number"],
            title="" if customer else said["buyer_name"],
            customer=customer,
            document=invoice,
            day=said["issued_on"],
            currency="CNY",
            total=said["total"],
        )
        return cls._enter(by, said, file, invoice, found_by)

    @classmethod
    @db.atomic()
    def describe(cls, by, file, **typed):
        """Say what stands in a PDF that could not be read; matched as if it had been. Refused for
        what `drop` refuses."""
        by.must("drop_einvoice")
        waiting().where(ExternalFile.id == file.id).exists() or refuse("state_changed", now="read")
        for side in ("seller", "buyer"):
            not typed.get(side) and side == "buyer" or TAX_ID.fullmatch(
                typed.get(side, "").upper()
            ) or refuse("einvoice_tax_id")
        said = meaning_of(typed)
        dt.date(2000, 1, 1) <= said["issued_on"] <= today() or refuse("einvoice_day")
        invoice, found_by, customer = cls._placed(said)
        file.filing.describe(
            by,
            said["number"],
            said["buyer_name"] if not customer else "",
            customer,
            said["issued_on"],
            "CNY",
            said["total"],
        )
        if invoice:
            ExternalFile.update(document=invoice.id).where(ExternalFile.id == file.id).execute()
            ExternalFile.get_by_id(file.id).record("assigned", by, invoice=invoice.number)
        return cls._enter(by, said, file, invoice, found_by)

    @classmethod
    def _printed(cls, said):
        """The row that was read from a PDF and says the same, or None."""
        same = [
            getattr(cls, name) == said[name]
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
    def _placed(cls, said):
        """(invoice or None, how it was found, customer or None). Refused when it is not ours or was
        taken before."""
        ours = Company.current().tax_id.strip().upper()
        if ours and said["seller_tax_id"] != ours:
            refuse("einvoice_not_ours", number=said["number"], value=said["seller_tax_id"])
        if cls.select().where(cls.number == said["number"]).exists():
            refuse("einvoice_twice", number=said["number"])
        invoice, found_by = match(said)
        return invoice, found_by, invoice.customer if invoice else _buyer(said["buyer_tax_id"])

    @classmethod
    def _enter(cls, by, said, file, invoice, found_by):
        try:
            with db.atomic():
                row = cls.create(
                    file=file,
                    invoice=invoice,
                    found_by=found_by,
                    **{
                        k: said[k]
                        for k in ("number", "seller_tax_id", "buyer_tax_id", "issued_on", "total")
                    },
                )
        except pw.IntegrityError:
            refuse("einvoice_twice", number=said["number"])
        row.record(
            "dropped",
            by,
            number=row.number,
            invoice=invoice.number if invoice else None,
            found_by=found_by,
        )
        return row

    @db.atomic()
    def assign(self, by, invoice):
        """Say by hand to which invoice it belongs. Refused for another total, or an invoice that
        has its own."""
        by.must("drop_einvoice")
        invoice.kind in ("invoice", "credit_note") and invoice.state in (
            "issued",
            "archived",
        ) or refuse("not_an_open_invoice")
        cls = type(self)
        if cls.select().where(cls.invoice == invoice.id).exists():
            refuse("einvoice_has_one", number=invoice.number)
        invoice.currency == "CNY" and abs(self.total) == invoice.total or refuse(
            "einvoice_other_total"
        )
        hit = (
            cls.update(invoice=invoice.id, found_by="person")
            .where(cls.id == self.id, cls.invoice.is_null())
            .execute()
        )
        hit or refuse("einvoice_has_one", number=self.number)
        self.file.document = invoice
        self.file.save()
        self.file.filing.belong_to(invoice.customer, by)
        self.file.record("assigned", by, invoice=invoice.number)
        cls.get_by_id(self.id).record("assigned", by, invoice=invoice.number)

    @db.atomic()
    def release(self, by, reason):
        """Take back where it was said to belong, by hand or by the rule: it waits for its paper
        again, with its buyer."""
        by.must("drop_einvoice")
        reason.strip() or refuse("reason_needed")
        free(self.file.filing)
        cls, invoice = type(self), self.invoice
        hit = (
            cls.update(invoice=None, found_by="")
            .where(cls.id == self.id, cls.invoice.is_null(False), cls.invoice == self.invoice_id)
            .execute()
        )
        hit or refuse("einvoice_has_none", number=self.number)
        self.file.part(by, reason)
        self.file.filing.belong_to(_buyer(self.buyer_tax_id), by)
        cls.get_by_id(self.id).record(
            "released", by, invoice=invoice.number, reason=reason.strip()[:500]
        )


def candidates(said_total, buyer_tax_id):
    """Our standing papers without a tax invoice that this one could be for, the buyer's first, then
    those of customers whose tax id we do not know; a red one (红字) is for a credit note."""
    kind, taken = (
        "invoice" if said_total >= 0 else "credit_note",
        EInvoice.select(EInvoice.invoice).where(EInvoice.invoice.is_null(False)),
    )
    query = (
        Document.standing()
        .select(Document, Customer)
        .join(Customer)
        .where(
            Document.kind == kind,
            Document.currency == "CNY",
            Document.total == abs(said_total),
            Document.id.not_in(taken),
        )
    )
    if not buyer_tax_id:
        return query.order_by(Document.issued_on, Document.id)
    theirs = pw.fn.UPPER(Customer.tax_id) == buyer_tax_id
    return query.where(theirs | (pw.fn.TRIM(Customer.tax_id) == "")).order_by(
        pw.Case(None, [(theirs, 0)], 1), Document.issued_on, Document.id
    )


def match(said):
    """(invoice or None, how): our number in the remark, else the only one with this buyer and
    total. The number alone is enough where the customer's tax id is blank, unless we know the
    buyer's tax id as another customer's."""
    found, buyer = candidates(said["total"], said["buyer_tax_id"]), said["buyer_tax_id"]
    theirs = Customer.select().where(pw.fn.UPPER(Customer.tax_id) == buyer)
    named = [
        d
        for d in found.where(
            pw.fn.REPLACE(said["remark"], Document.number, "") != said["remark"]
        ).limit(MOST_ALIKE)
        if re.search(rf"(?<![0-9A-Za-z]){re.escape(d.number)}(?![0-9A-Za-z])", said["remark"])
    ]
    if named:
        sure = len(named) == 1 and (
            not buyer or named[0].customer.tax_id.upper() == buyer or not theirs.exists()
        )
        return (named[0], "number") if sure else (None, "")
    alike = list(found.where(Customer.id.in_(theirs.select(Customer.id))).limit(2)) if buyer else []
    return (alike[0], "amount") if len(alike) == 1 else (None, "")


def _buyer(tax_id):
    rows = (
        list(Customer.select().where(pw.fn.UPPER(Customer.tax_id) == tax_id).limit(2))
        if tax_id
        else []
    )
    return rows[0] if len(rows) == 1 else None


def waiting():
    """PDFs in the box whose words did not say what they are: a person must type it."""
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


def glimpse(file):
    """What could be read of such a PDF, to spare typing; our own tax id, since the seller must be
    us."""
    try:
        found = tax_invoice_pdf.found(file.filing.bytes())
    except (Damaged, Refused):
        found = {}
    return {"seller": Company.current().tax_id, **found}


def lacking():
    """Standing invoices and credit notes in yuan whose tax invoice is not in the box as XML or OFD:
    the PDF is only its print."""
    taken = EInvoice.select(EInvoice.invoice).where(EInvoice.invoice.is_null(False))
    return Document.standing().where(
        Document.kind.in_(("invoice", "credit_note")),
        Document.currency == "CNY",
        ~Document.imported,
        Document.id.not_in(taken) | Document.id.in_(_as_pdf()),
    )


def as_pdf():
    """Those of them whose tax invoice is here, but only as a PDF."""
    return lacking().where(Document.id.in_(_as_pdf()))


def _as_pdf():
    return (
        EInvoice.select(EInvoice.invoice)
        .join(ExternalFile)
        .join(Filing)
        .where(EInvoice.invoice.is_null(False), Filing.name.endswith(".pdf"))
    )
