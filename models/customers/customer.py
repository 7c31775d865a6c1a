"""Customers, with addresses, notes and tags."""

import peewee as pw

from models.adapters import search
from models.company import Company
from models.core.clock import now
from models.core.database import db
from models.core.errors import refuse
from models.core.fields import JSONField, MoneyField
from models.core.imported_range import give_way
from models.core.journal import Journaled
from models.core.model import Model
from models.core.prepared import prepared
from models.core.unique import unique_or_refuse
from models.customers.contact import Contact
from models.customers.merge import Merging
from models.customers.tax_ids import doubtful
from models.people import User

HANDED_OVER = []  # called with (id, owner's id before, owner's id now) of a main customer


@search.source("customers")
class Customer(Merging, Journaled, Model):
    """A company or person who buys from us."""

    code = pw.CharField(unique=True, null=True)
    name = pw.CharField(index=True)
    short_name = pw.CharField(default="")
    tax_id = pw.CharField(default="")
    phone = pw.CharField(default="")
    email = pw.CharField(default="")
    bank_name = pw.CharField(default="")
    bank_account = pw.CharField(default="")
    terms_days = pw.IntegerField(default=30)
    credit_limit = MoneyField(null=True)
    currency = pw.CharField(max_length=3, default="CNY")
    language = pw.CharField(max_length=2, default="zh")
    owner = pw.ForeignKeyField(User, null=True, backref="customers_owned")
    tags = JSONField(default=list)
    active = pw.BooleanField(default=True)
    founded_on = pw.DateField(null=True)
    # Into which customer somebody merged it; and, derived from that, the one at the end of such a
    # chain, under which everything of it is shown. Neither for almost all.
    merged_into = pw.ForeignKeyField("self", null=True, backref="merged")
    main = pw.ForeignKeyField("self", null=True, backref="merged_under")
    unhashed = ("main",)

    class Meta:
        hidden_by = "id"

    @classmethod
    @db.atomic()
    def enter(cls, by, **data):
        """Add a customer, in the language and currency of the firm unless it has its own; a
        salesperson becomes its owner. The code must be new."""
        by.must("write_customer")
        customer = cls.built(by, Company.current(), **data)
        give_way(cls.code, customer.code)
        with unique_or_refuse("code_taken", value=customer.code):
            customer.save()
        customer.record("entered", by)
        return customer

    @classmethod
    def built(cls, by, firm, **data):
        """A new customer, not written yet. Its credit limit is left to who sets limits."""
        data = {"language": firm.language, "currency": firm.currency, **data}
        data["code"] = data.get("code") or None
        if not by.assigns_customers:
            data["credit_limit"] = None
        return cls(**data if by.sees_all else {**data, "owner": by})

    @db.atomic()
    def revise(self, by, **data):
        """Change the customer's data, the salesperson and the credit limit with its currency only
        by who sets them. What was merged stays as it was."""
        by.must("write_customer", self)
        self.must_stand()
        if "code" in data:
            data["code"] = data["code"] or None
        if not by.assigns_customers:
            data = {name: value for name, value in data.items() if name not in self.assigned}
        self.rewrite(by, **data)

    @db.atomic()
    def rewrite(self, by, **data):
        """The same for an import, which was found to have the right to it before."""
        data = self.differing(data)
        if not data:
            return
        for key, value in data.items():
            setattr(self, key, value)
        give_way(Customer.code, data.get("code"))
        if "owner" in data:
            self._hand_over()
        with unique_or_refuse("code_taken", value=self.code):
            self.save_changes(by)
        if data.get("active") is False:
            self._shut_out()

    def _hand_over(self):
        """Called before the new owner is written; this object may have been read long ago."""
        stored = Customer.get_by_id(self.id)
        if not stored.main_id and stored.owner_id != self.owner_id:
            for follow in HANDED_OVER:
                follow(self.id, stored.owner_id, self.owner_id)

    def _shut_out(self):
        """Nobody of a customer that is switched off stays in, nor is in again by itself once it is
        switched on."""
        for contact in self.all_contacts():
            contact.end_sessions()

    @classmethod
    @db.atomic()
    def save_with_addresses(cls, by, customer, billing=None, delivery=None, **data):
        """Add or change a customer together with its two addresses; None leaves one as it is."""
        existing, customer = customer, customer or cls.enter(by, **data)
        for kind, text in (("billing", billing), ("delivery", delivery)):
            if text is None or text == customer.address_text(kind):
                continue
            row = customer.addresses.where(Address.kind == kind).order_by(Address.id).first()
            if row:
                row.revise(by, text)
            else:
                customer.add_address(by, kind, text)
        # Last, since a new owner may belong to another team, whose customers `by` may not change.
        if existing:
            existing.revise(by, **data)
        return customer

    @property
    def assigned(self):
        """The fields that only those change who assign customers and set limits."""
        limit_currency = set() if self.credit_limit is None else {"currency"}
        return {"owner", "credit_limit"} | limit_currency

    def search_words(self):
        return [
            self.name,
            self.short_name,
            self.code,
            *search.pinyin(self.name),
            *search.pinyin(self.short_name),
            self.tax_id,
            self.phone,
            self.email,
            *(self.tags or []),
            *self._words_of_merged(),
        ]

    def _words_of_merged(self):
        """By the names of what was merged into it the main one is found."""
        if self.main_id or self.id is None:
            return []
        rows = Customer.select().where(Customer.main == self.id).order_by(Customer.id)
        return [
            word
            for row in rows
            for word in (row.name, row.short_name, row.code, *search.pinyin(row.name), row.tax_id)
        ]

    @db.atomic()
    def give_tag(self, by, tag):
        """Add a tag; nothing changes when the customer has it already."""
        if tag not in (self.tags or []):
            self.revise(by, tags=[*(self.tags or []), tag])

    @property
    def tax_id_doubtful(self):
        return doubtful(self.tax_id)

    def address_texts(self):
        """{kind: text} of the first address of each kind, in one query."""
        return {row.kind: row.text for row in _addresses_newest_first(self.id)}

    def address_text(self, kind="billing"):
        return self.address_texts().get(kind, "")

    @db.atomic()
    def add_address(self, by, kind, text):
        by.must("write_customer", self)
        self.must_stand()
        address = Address.create(customer=self, kind=kind, text=text)
        address.record("entered", by)
        return address

    @db.atomic()
    def write_note(self, by, text):
        """Add a note that only staff see."""
        by.must("write_customer", self)
        self.must_stand()
        text.strip() or refuse("text_needed")
        note = Note.create(customer=self, author=by.name, at=now(), text=text)
        note.record("written", by)
        return note

    def all_contacts(self):
        """The contacts of all that are shown as one with it."""
        return Contact.select().where(Contact.customer.in_(Customer.one_with(self.id)))

    def mails_of_a_new_contact(self):
        """{column of Contact: whether a new contact is marked for it}: the first one for all."""
        return mails_of_a_contact(alone=not self.all_contacts().where(Contact.active).exists())

    @db.atomic()
    def add_contact(self, by, **data):
        """Add a contact. Unless it is said otherwise, one beside others gets no mail but
        greetings."""
        by.must("write_customer", self)
        self.must_stand()
        contact = self.built_contact(self.mails_of_a_new_contact(), **data)
        contact.save()
        contact.record("entered", by)
        return contact

    def built_contact(self, mails, **data):
        """A new contact, not written yet."""
        data["language"] = data.get("language") or self.language
        return Contact(customer=self, **{**mails, **data})


def mails_of_a_contact(alone):
    """{column of Contact: whether it is marked for it}, of a new one: all where it is alone."""
    marks = ("gets_invoices", "gets_reminders", "gets_statements")
    return {**dict.fromkeys(marks, alone), "gets_greetings": True}


class Address(Journaled, Model):
    """A billing or delivery address, as printed."""

    customer = pw.ForeignKeyField(Customer, backref="addresses")
    kind = pw.CharField(max_length=10, default="billing")
    text = pw.CharField(max_length=500)

    class Meta:
        hidden_by = "id"

    @db.atomic()
    def revise(self, by, text):
        by.must("write_customer", self.customer)
        self.rewrite(by, text)

    @db.atomic()
    def rewrite(self, by, text):
        """The same for an import, which was found to have the right to it before."""
        self.text = text
        self.save_changes(by)


@prepared
def _addresses_newest_first(customer):
    return Address.select().where(Address.customer == customer).order_by(Address.id.desc())


class Note(Journaled, Model):
    """A note by staff about a customer, for other staff."""

    customer = pw.ForeignKeyField(Customer, backref="notes")
    author = pw.CharField()
    at = pw.DateTimeField()
    text = pw.TextField()
