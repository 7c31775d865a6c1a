"""What the page of a customer shows, and what its reader may do there."""

import datetime as dt
from functools import cached_property

import peewee as pw
from flask import url_for
from flask_babel import gettext as _
from peewee import fn

from models.archive import Filing
from models.care import FollowUp
from models.care.occasion import lunar_birthday_of
from models.core.clock import today
from models.core.model import first_rows, present
from models.customers import Contact, Customer, Note
from models.documents import Document
from models.insights import portrait
from models.payments import Payment
from models.receivables.balance import balances
from models.receivables.credit_limit import exposure
from models.receivables.document_states import document_states

CONFIRMED_WITHIN = 60  # days in which a customer is expected to confirm
CLAIMS = ("disputes", "statements", "reminders")


class CustomerPage:
    """A customer as a person of the house finds them; each thing is read once."""

    def __init__(self, customer, person):
        self.customer, self.person = customer, person
        self.contacts = list(customer.all_contacts())

    @cached_property
    def present(self):
        """Those of the lists with something in them, found in one query."""
        return present(
            greetings=portrait.greetings(self.customer),
            messages=portrait.messages(self.customer),
            notes=self._written(),
            **{name: self._own(name) for name in CLAIMS},
        )

    @property
    def phone(self):
        return self.customer.phone or next((c.phone for c in self.contacts if c.phone), "")

    @property
    def further_acts(self):
        """[(may the person, address, label)] of what stands behind "…"."""
        may, here = self.person.may, {"customer": self.customer.id}
        return [
            (may("pay"), url_for("payments.new", **here), _("Record a payment")),
            (True, url_for("statements.new", **here), _("Statement of account")),
            (may("care"), url_for("follow_ups.new", **here), _("New follow-up")),
            (may("dispute"), url_for("disputes.new", **here), _("New dispute")),
            (may("hold"), url_for("holds.index", **here), _("Paused reminders & promises")),
            (may("write_customer"), url_for("customers.edit", id=self.customer.id), _("Edit")),
            (may("write_customer"), url_for("merges.new", id=self.customer.id), _("Merge…")),
        ]

    @cached_property
    def last_contact(self):
        """(day, what it was in words)"""
        day, what = portrait.last_contact(self.customer, self.contacts) or (None, "")
        words = {
            "mail": _("email"),
            "message": _("message"),
            "note": _("note"),
            "follow_up": _("follow-up done"),
        }
        return day, words.get(what, "")

    @cached_property
    def addresses(self):
        return self.customer.address_texts()

    @cached_property
    def merged(self):
        """[(customer, its address)] of those that were merged into this one."""
        others = self.customer.group[1:]
        rows = Customer.select().where(Customer.id.in_(others)) if others else ()
        return [(row, row.address_text()) for row in rows]

    @cached_property
    def portal_access(self):
        return Contact.portal_access(self.contacts)

    @cached_property
    def lunar_birthdays(self):
        """{contact id: (month, day, leap month?)}"""
        found = {contact.id: lunar_birthday_of(contact) for contact in self.contacts}
        return {ident: day for ident, day in found.items() if day}

    def _own(self, scope):
        """The rows of that scope of the person that are the customer's."""
        rows = getattr(self.person.sees.of_group(self.customer.group), scope)()
        return rows.where(rows.model.customer.in_(self.customer.group))

    def _written(self):
        return Note.select().where(Note.customer.in_(self.customer.group))

    def _present(self, name, query):
        return list(query) if name in self.present else []

    @cached_property
    def papers(self):
        return list(self._own("documents").order_by(Document.id.desc()).limit(15))

    @cached_property
    def files(self):
        """What the archive keeps of the customer, newest first."""
        kept = self._own("filings").where(Filing.state != "moved")
        return list(kept.order_by(Filing.day.desc(), Filing.id.desc()).limit(15))

    @cached_property
    def counts(self):
        """{kind: number of documents}"""
        return {kind: n for kind, n in self._counts.items() if kind != "follow-ups"}

    @property
    def follow_ups_open(self):
        return self._counts["follow-ups"]

    @cached_property
    def _counts(self):
        papers = self._own("documents").select(Document.kind, fn.COUNT(Document.id))
        to_do = self._own("follow_ups").where(FollowUp.state == "open")
        to_do = to_do.select(pw.SQL("'follow-ups'"), fn.COUNT(FollowUp.id))
        return dict(papers.group_by(Document.kind).union_all(to_do).tuples())

    @property
    def more_papers(self):
        """Whether there are others than those shown."""
        return sum(self.counts.values()) > len(self.papers)

    @cached_property
    def balances(self):
        return balances(customers=self.customer.group)

    @cached_property
    def still_open(self):
        return portrait.still_open(self.customer)

    @cached_property
    def owed(self):
        return portrait.owed(self.customer, self.balances, self.still_open)

    @cached_property
    def left(self):
        """{id: open minor units} of the open invoices."""
        return {invoice.id: invoice.left for invoice in self.still_open}

    def states(self, papers):
        """{id: what its badge tells} of these documents of the customer."""
        left = {d.id: self.left.get(d.id, 0) for d in papers if d.kind == "invoice"}
        return document_states(papers, left)

    @cached_property
    def in_progress(self):
        """Drafts, what is in approval or to be issued, what is not paid or not confirmed yet."""
        waiting = Document.kind.in_(("order", "delivery_note")) & (Document.state == "issued")
        lately = today() - dt.timedelta(days=CONFIRMED_WITHIN)
        rows = self._own("documents").where(
            Document.state.in_(("draft", "returned", "submitted", "approved"))
            | Document.id.in_(list(self.left) or [0])
            | (waiting & Document.confirmed_at.is_null() & (Document.date >= lately))
        )
        return first_rows(rows, [Document.id.desc()], 12)

    @cached_property
    def credit(self):
        """How far the credit limit is used, where there is one."""
        if self.customer.credit_limit is None:
            return None
        return exposure(self.customer, found=self.balances)

    @cached_property
    def payments(self):
        newest = (Payment.received_on.desc(), Payment.id.desc())
        return first_rows(self._own("payments"), newest, portrait.LATEST)

    @cached_property
    def notes(self):
        newest = self._written().order_by(Note.id.desc())
        return self._present("notes", newest.limit(portrait.LATEST))

    @cached_property
    def follow_ups(self):
        rows = portrait.owned(self._own("follow_ups"))
        return list(rows.order_by(FollowUp.state != "open", FollowUp.due_on).limit(10))

    @cached_property
    def claims(self):
        """[(scope, rows)] of the disputes, statements and reminders, where there are any."""
        return [(name, self._newest(name)) for name in CLAIMS if name in self.present]

    def _newest(self, scope):
        rows = self._own(scope)
        return list(rows.order_by(rows.model.id.desc()).limit(8))

    @cached_property
    def greetings(self):
        return self._present("greetings", portrait.greetings(self.customer))

    @cached_property
    def happened(self):
        written = self._present("messages", portrait.messages(self.customer))
        return portrait.timeline(
            self.person, self.customer, self.contacts, self.payments, self.notes, written
        )

    def may_invite(self, contact):
        writable = contact.email and contact.active and self.customer.active
        return self.person.may("invite") and writable
