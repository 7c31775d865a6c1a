"""Assigning a tax invoice by hand: to one of our invoices or to several, and several of them to
one; where the totals differ, a person says so."""

import peewee as pw

from models.archive.correction import check_correctable
from models.core.database import db
from models.core.errors import refuse
from models.core.journal import Journaled
from models.core.model import Model
from models.core.money import format_money
from models.customers import Customer
from models.documents import Document


class EInvoiceDocument(Journaled, Model):
    """A further invoice to which a tax invoice belongs; the first is named by the tax invoice."""

    einvoice = pw.DeferredForeignKey("EInvoice", backref="further")
    document = pw.ForeignKeyField(Document, backref="further_einvoices")

    class Meta:
        table_name = "einvoice_document"
        indexes = ((("einvoice", "document"), True),)


class Assignment:
    """Mixed into EInvoice."""

    @property
    def documents(self):
        """All invoices to which it belongs, the first one first."""
        rows = self.further.order_by(EInvoiceDocument.id)
        return [self.invoice, *(row.document for row in rows)] if self.invoice else []

    @db.atomic()
    def assign(self, by, *invoices, differing=False):
        """Match it to our invoices by hand. Refused for invoices of another buyer, and where the
        totals differ unless the person says that they may."""
        by.must("drop_einvoice")
        invoices or refuse("nothing_chosen")
        for invoice in invoices:
            self._check_fits(invoice, invoices[0].customer)
        difference = self.difference(invoices)
        not difference or differing or refuse(
            "einvoice_differs", amount=f"CNY {format_money(difference, 'CNY')}"
        )
        cls, (first, *further) = type(self), invoices
        updated = (
            cls.update(invoice=first.id, found_by="person")
            .where(cls.id == self.id, cls.invoice.is_null())
            .execute()
        )
        updated or refuse("einvoice_has_one", number=self.number)
        for invoice in further:
            link = EInvoiceDocument.create(einvoice=self.id, document=invoice)
            link.record("assigned", by, invoice=invoice.number)
        self.file.document = first
        self.file.save()
        self.file.filing.assign_customer(first.customer, by)
        numbers = ", ".join(invoice.number for invoice in invoices)
        self.file.record("assigned", by, invoice=numbers)
        cls.get_by_id(self.id).record("assigned", by, invoice=numbers, difference=difference)

    def _check_fits(self, invoice, customer):
        kind = "invoice" if self.total >= 0 else "credit_note"
        invoice.kind == kind and invoice.state in ("issued", "archived") or refuse(
            "not_an_open_invoice"
        )
        invoice.currency == "CNY" or refuse("einvoice_other_currency", number=invoice.number)
        customer.is_one_with(invoice.customer_id) or refuse("other_customer")
        tax_ids = {row.tax_id.strip().upper() for row in (customer, customer.leading)}
        not self.buyer_tax_id or tax_ids & {"", self.buyer_tax_id} or refuse(
            "einvoice_other_buyer", name=customer.name
        )

    def difference(self, invoices):
        """By how many fen this tax invoice and those that the invoices have already are more than
        all of their invoices."""
        cls, ids = type(self), [invoice.id for invoice in invoices]
        further = EInvoiceDocument.select(EInvoiceDocument.einvoice).where(
            EInvoiceDocument.document.in_(ids)
        )
        others = list(
            cls.select().where(cls.id != self.id, cls.invoice.in_(ids) | cls.id.in_(further))
        )
        ours = set(invoices).union(*(row.documents for row in others))
        return sum(abs(row.total) for row in [self, *others]) - sum(d.total for d in ours)

    @db.atomic()
    def release(self, by, reason):
        """Undo the match with its invoices, made by hand or by rule; only the customer found by the
        buyer's tax id stays."""
        by.must("drop_einvoice")
        reason.strip() or refuse("reason_needed")
        check_correctable(self.file.filing)
        cls, numbers = type(self), ", ".join(d.number for d in self.documents)
        updated = (
            cls.update(invoice=None, found_by="")
            .where(cls.id == self.id, cls.invoice.is_null(False), cls.invoice == self.invoice_id)
            .execute()
        )
        updated or refuse("einvoice_has_none", number=self.number)
        for link in self.further.order_by(EInvoiceDocument.id):
            link.remove(by, "released")
        self.file.detach(by, reason)
        self.file.filing.assign_customer(buyer_with(self.buyer_tax_id), by)
        cls.get_by_id(self.id).record("released", by, invoice=numbers, reason=reason.strip()[:500])


def buyer_with(tax_id):
    """The only customer with this tax id, or None."""
    rows = Customer.select().where(Customer.id.in_(mains_with(tax_id))).limit(2) if tax_id else []
    return rows[0] if len(rows) == 1 else None


def mains_with(tax_id):
    """The ids of the customers with this tax id, as a query: the main ones of those merged."""
    ident = pw.fn.COALESCE(Customer.main, Customer.id)
    return Customer.select(ident).where(pw.fn.UPPER(Customer.tax_id) == tax_id)
