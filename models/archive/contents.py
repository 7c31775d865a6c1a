"""The contents of a year package beside its files: tables as CSV, and an index as HTML."""

from models.adapters.printing.environment import pieces
from models.adapters.spreadsheets import _safe, amount
from models.archive import claim_tables
from models.archive.external_file import ExternalFile, ExternalVersion
from models.archive.filing import Filing
from models.archive.filing_by_rule import unfiled
from models.archive.folder import CLASSES, Folder, day_after_year
from models.archive.tax_invoice import EInvoice
from models.company import Company
from models.core.money import format_price, format_scaled
from models.customers import Customer
from models.documents import Document, Line
from models.payments import Allocation, Payment

PAGE = 500


def folders(year):
    return list(Folder.select().where(Folder.year == year).order_by(Folder.kind))


def filings(folder):
    """What was filed there when the folder was read, page by page: a year may be too much for
    memory, and between two of them files are read."""
    for first in range(1, folder.last + 1, PAGE):
        positions = Filing.folder_position.between(first, min(first + PAGE - 1, folder.last))
        rows = Filing.select().where(Filing.folder == folder, positions)
        for row in list(rows.order_by(Filing.folder_position)):
            row.folder = folder
            yield row


def _issued_documents(year):
    return Document.select().where(
        Document.issued_on >= day_after_year(year - 1),
        Document.issued_on < day_after_year(year),
        Document.number.is_null(False),
    )


def tables_of(year):
    """(name, column names, rows) of each CSV file; amounts in major units of the currency."""
    for name, columns, rows in (
        ("filings", *_filings(year)),
        ("documents", *_documents(year)),
        ("lines", *_lines(year)),
        ("payments", *_payments(year)),
        ("allocations", *_allocations(year)),
        ("customers", *_customers(year)),
        ("files", *_files(year)),
        ("tax_invoices", *_einvoices(year)),
        *claim_tables.tables(year, _issued_documents(year).select(Document.customer)),
    ):
        yield name, columns, ([_safe(c) if c is not None else "" for c in row] for row in rows)


def _filings(year):
    return (
        "code",
        "class",
        "year",
        "state",
        "number",
        "title",
        "name",
        "customer",
        "date",
        "currency",
        "total",
        "tags",
        "sha256",
        "filed_at",
        "destroyed_on",
        "reason",
        "moved_to",
    ), (
        (
            f.code,
            f.kind,
            year,
            f.state,
            f.number,
            f.title,
            f.name,
            f.customer.name if f.customer else "",
            f.day,
            f.currency,
            amount(f.total, f.currency) if f.currency else "",
            ", ".join(f.tags),
            f.sha,
            f.at,
            f.destroyed_on,
            f.reason,
            f.moved_to and f.moved_to.code,
        )
        for folder in folders(year)
        for f in filings(folder)
    )


def _documents(year):
    return (
        "id",
        "kind",
        "number",
        "state",
        "customer_id",
        "date",
        "issued_on",
        "due_on",
        "currency",
        "net",
        "tax",
        "total",
        "reference",
        "source_id",
        "void_reason",
        "sha256",
    ), (
        (
            d.id,
            d.kind,
            d.number,
            d.state,
            d.customer_id,
            d.date,
            d.issued_on,
            d.due_on,
            d.currency,
            *(amount(v, d.currency) for v in (d.net, d.tax, d.total)),
            d.reference,
            d.source_id,
            d.void_reason,
            d.pdf_sha256,
        )
        for d in _issued_documents(year).order_by(Document.id).iterator()
    )


def _lines(year):
    query = (
        Line.select(Line, Document)
        .join(Document)
        .where(Line.document.in_(_issued_documents(year).select(Document.id)))
        .order_by(Line.document, Line.position)
    )
    return (
        "document_id",
        "number",
        "position",
        "code",
        "name",
        "note",
        "unit",
        "quantity",
        "price",
        "discount_percent",
        "tax",
        "net",
        "tax_amount",
        "gross",
        "heading",
        "subtotal",
    ), (
        (
            x.document_id,
            x.document.number,
            x.position,
            x.code,
            x.name,
            x.note,
            x.unit,
            format_scaled(x.quantity, 4),
            format_price(x.price, x.document.currency),
            format_scaled(x.discount, 2),
            x.tax_label,
            *(amount(v, x.document.currency) for v in (x.net, x.tax, x.gross)),
            x.heading or "",
            x.subtotal or "",
        )
        for x in query.iterator()
    )


def _payments(year):
    rows = (
        Payment.select()
        .where(
            Payment.received_on >= day_after_year(year - 1),
            Payment.received_on < day_after_year(year),
        )
        .order_by(Payment.id)
    )
    return (
        "id",
        "number",
        "state",
        "customer_id",
        "date",
        "currency",
        "amount",
        "reference",
        "reverse_reason",
    ), (
        (
            p.id,
            p.number,
            p.state,
            p.customer_id,
            p.received_on,
            p.currency,
            amount(p.amount, p.currency),
            p.reference,
            p.reverse_reason,
        )
        for p in rows.iterator()
    )


def _allocations(year):
    rows = (
        Allocation.select(Allocation, Document)
        .join(Document, on=(Allocation.invoice == Document.id))
        .where(Allocation.invoice.in_(_issued_documents(year).select(Document.id)))
        .order_by(Allocation.id)
    )
    return ("invoice_id", "invoice", "payment_id", "credit_note_id", "amount"), (
        (
            a.invoice_id,
            a.invoice.number,
            a.payment_id,
            a.credit_note_id,
            amount(a.amount, a.invoice.currency),
        )
        for a in rows.iterator()
    )


def _customers(year):
    buyers = _issued_documents(year).select(Document.customer)
    return ("id", "code", "name", "tax_id", "currency"), (
        (c.id, c.code, c.name, c.tax_id, c.currency)
        for c in Customer.select().where(Customer.id.in_(buyers)).order_by(Customer.id).iterator()
    )


def _files(year):
    rows = (
        ExternalVersion.select(ExternalVersion, ExternalFile, Filing)
        .join(ExternalFile)
        .join(Filing)
        .join(Folder)
        .where(Folder.year == year)
        .order_by(ExternalVersion.id)
    )
    return (
        "code",
        "version",
        "state",
        "filename",
        "type",
        "bytes",
        "sha256",
        "taken_in_at",
        "document_id",
        "note",
    ), (
        (
            v.file.filing.code,
            v.number,
            v.state,
            v.filename,
            v.mime,
            v.size,
            v.sha,
            v.at,
            v.file.document_id,
            v.note,
        )
        for v in rows.iterator()
    )


def _einvoices(year):
    rows = (
        EInvoice.select(EInvoice, ExternalFile, Filing)
        .join(ExternalFile)
        .join(Filing)
        .join(Folder)
        .where(Folder.year == year)
        .order_by(EInvoice.id)
    )
    return (
        "number",
        "seller_tax_id",
        "buyer_tax_id",
        "date",
        "total",
        "invoice_id",
        "further_invoice_ids",
        "matched_by",
        "code",
    ), (
        (
            e.number,
            e.seller_tax_id,
            e.buyer_tax_id,
            e.issued_on,
            amount(e.total, "CNY"),
            e.invoice_id,
            " ".join(str(row.document_id) for row in e.further),
            e.found_by,
            e.file.filing.code,
        )
        for e in rows.iterator()
    )


def index(year, folders, places):
    """The pieces of one HTML page with a link to every file, in the company's language; it loads
    nothing from the network."""
    company = Company.current()
    ordered = sorted(folders, key=lambda folder: list(CLASSES).index(folder.kind))
    return pieces(
        "archive/package.html",
        company.language,
        firm=company,
        year=year,
        groups=[(folder.kind, folder.last, filings(folder)) for folder in ordered if folder.last],
        places=places,
        unfiled=[d.number for d in unfiled(year).order_by(Document.number)],
        tables=[name for name, _columns, _rows in tables_of(year)],
    )
