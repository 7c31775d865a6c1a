"""Statements (对账单): frozen, sent, and confirmed line by line by the customer."""

import peewee as pw

from models.adapters.outbox import Mail
from models.company import Company
from models.core import filenames
from models.core.clock import local, now, today, zone
from models.core.database import db
from models.core.errors import Forbidden, refuse
from models.core.fields import JSONField, MoneyField
from models.core.journal import Journaled
from models.core.model import Model
from models.core.wake import wake
from models.customers import Contact, Customer
from models.customers.contact import one_per_address
from models.disputes import Dispute
from models.documents import ISSUED, Document, DocumentLink
from models.documents.words import in_words
from models.numbering import NUMBERED, NumberSeries
from models.people import User
from models.printed import Printed
from models.receivables.balance import open_items
from models.receivables.joint import JointAccount, accounts_besides
from models.receivables.ledger import account


class Statement(JointAccount, Printed, Journaled, Model):
    """A customer's account over a period in one currency, as it was when the statement was made:
    open → agreed or differs; replaced by a newer one of the same period, whatever it was; destroyed
    by the archive, which keeps the signed ones."""

    number = pw.CharField(unique=True)
    state = pw.CharField(max_length=10, default="open", index=True)
    customer = pw.ForeignKeyField(Customer, backref="statements")
    also_of = JSONField(null=True)
    currency = pw.CharField(max_length=3)
    since = pw.DateField()
    until = pw.DateField()
    opening = MoneyField()
    closing = MoneyField()
    snapshot = JSONField()
    pdf_sha256 = pw.CharField(max_length=64, column_name="paper")
    made_by = pw.ForeignKeyField(User)
    made_at = pw.DateTimeField()
    run = pw.DeferredForeignKey("StatementRun", null=True, backref="statements")
    sent_at = pw.DateTimeField(null=True)
    reminded_on = pw.DateField(null=True)
    contact = pw.ForeignKeyField(Contact, null=True)
    confirmed_at = pw.DateTimeField(null=True)
    confirmed_by = pw.CharField(default="")
    marks = JSONField(default=dict)
    confirmed_pdf_sha256 = pw.CharField(max_length=64, null=True, column_name="confirmed_paper")
    printed_columns = ("pdf_sha256", "confirmed_pdf_sha256")
    mail_keys = "statement-{id}-"

    class Meta:
        indexes = ((("customer", "currency", "until"), False),)

    @classmethod
    @db.atomic()
    def make(cls, by, customer, currency, since, until, run=None, base_url=""):
        """Freeze the account; the PDF is made right after. Refused for a period in the future."""
        by.must("statement")
        customer.must_stand()
        since <= until or refuse("days_backward")
        until <= today() or refuse("day_in_future")
        number, _, _ = NumberSeries.draw("statement")
        for older in cls.select().where(
            cls.customer.in_(customer.group),
            cls.currency == currency,
            cls.since == since,
            cls.until == until,
            cls.state.in_(("open", "agreed", "differs")),
        ):
            older.move("open", "agreed", "differs", to="replaced")
            older.record("replaced", by, number=number)
        content = frozen_account(customer, currency, since, until, number, afresh=True)
        row = cls(
            number=number,
            customer=customer,
            also_of=accounts_besides(customer, currency),
            currency=currency,
            since=since,
            until=until,
            opening=content["opening"],
            closing=content["closing"],
            snapshot=content,
            pdf_sha256="",
            made_by=by,
            made_at=now(),
            run=run,
        )
        row.save()
        content["portal_url"] = f"{base_url or Document.base_url or ''}/portal/statements/{row.id}"
        row.snapshot = content
        row.save()
        row.record("made_statement", by, closing=row.closing, currency=currency)
        wake("printing")
        return row

    @classmethod
    @db.atomic()
    def make_and_send(cls, by, customer, currency, since, until, base_url=""):
        """Freeze the account and mail it as one act."""
        made = cls.make(by, customer, currency, since, until, base_url=base_url)
        made.send(by, base_url=base_url)
        return made

    @classmethod
    def unprinted(cls, column):
        waiting = {
            "pdf_sha256": cls.pdf_sha256 == "",
            "confirmed_pdf_sha256": cls.confirmed_at.is_null(False)
            & cls.confirmed_pdf_sha256.is_null(),
        }
        return cls.select().where(waiting[column]).order_by(cls.id)

    def printable(self, column):
        """The frozen account; the confirmed copy also has the signatures of both sides."""
        if column == "pdf_sha256":
            return self.snapshot
        return {**self.snapshot, "confirmation": self.marks}

    def latest_pdf(self):
        """The confirmed copy, or the statement as it was sent."""
        return self.pdf_bytes("confirmed_pdf_sha256" if self.confirmed_at else "pdf_sha256")

    def opens_for(self, contact):
        """Whether a link in a mail may open it for the contact now."""
        return contact.sees.statements().where(Statement.id == self.id).exists()

    @property
    def owner(self):
        return self.made_by

    @property
    def document_ids(self):
        """The documents that it lists."""
        return [row["document"] for row in self.snapshot["rows"] if row["document"]]

    def still_open(self):
        """The invoices up to its end that are not paid yet, oldest first, each with `left`."""
        own = Document.customer.in_(self.customer.group) & (Document.currency == self.currency)
        rows = open_items(only=own & (self.until >= ISSUED))
        return list(rows.order_by(Document.due_on, Document.id))

    def recipients(self):
        return self.recipients_of(self.customer)

    @classmethod
    def recipients_of(cls, customer):
        """The customer's contacts who are marked for statements, may see the whole account and
        have a mail address."""
        marked = Contact.for_whole_company().where(Contact.gets_statements)
        return one_per_address(marked.where(Contact.customer.in_(customer.group)))

    def mails(self):
        """All its mails, to every recipient, with their states."""
        return list(
            Mail.select().where(Mail.key.startswith(f"statement-{self.id}-")).order_by(Mail.id)
        )

    @db.atomic()
    def send(self, by, contacts=None, base_url=""):
        """Mail it with the PDF and the link; from then on the portal shows it."""
        by.must("statement")
        self.state == "open" or refuse("state_changed", now=self.state)
        self.is_of_separated and refuse("statement_of_both", number=self.number)
        contacts = self.recipients() if contacts is None else contacts
        contacts or refuse("no_recipient")
        self.sent_at = now()
        self.save()
        self._mail(contacts, "statement", "sent", base_url)
        self.record("sent", by, to=[c.email for c in contacts])

    @db.atomic()
    def remind(self, by, base_url=""):
        """Ask again for confirmation, at most once a day."""
        by.must("statement")
        self.state == "open" and self.sent_at or refuse("state_changed", now=self.state)
        self.is_of_separated and refuse("statement_of_both", number=self.number)
        self.reminded_on != today() or refuse("reminded_today", number=self.number)
        contacts = self.recipients()
        contacts or refuse("no_recipient")
        self.reminded_on = today()
        self.save()
        self._mail(contacts, "statement_reminder", today().isoformat(), base_url)
        self.record("reminded_of", by, to=[c.email for c in contacts])

    def _mail(self, contacts, template, key, base_url):
        firm, base = Company.current(), base_url or Document.base_url or ""
        context = {
            "firm": firm.name,
            "number": self.number,
            "currency": self.currency,
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "closing": self.closing,
            "link": f"{base}/portal/statements/{self.id}",
        }
        file = {"attachment": self.pdf_sha256 or None, "filename": filenames.pdf_of(self.number)}
        for contact in contacts:
            Mail.enqueue(
                f"statement-{self.id}-{contact.id}-{key}",
                to=contact.email,
                template=template,
                language=contact.language,
                contact=contact,
                context={**context, "name": contact.name},
                **file,
            )
        if address := firm.setting("bookkeeper_mail"):
            names = ", ".join(c.name for c in contacts)
            link = f"{base}/statements/{self.id}"
            Mail.enqueue(
                f"statement-{self.id}-copy-{key}",
                to=address,
                template=template,
                language=contacts[0].language,
                context={**context, "name": names, "copy_of": names, "link": link},
                **file,
            )

    @db.atomic()
    def confirm(self, contact, name, differing=None, missing="", address=""):
        """The customer confirms all rows except those in `differing` {row: (their amount, reason)};
        `missing` describes what is not on the statement. Each difference becomes a dispute, and a
        signed copy is printed."""
        if not contact.sees.statements().where(Statement.id == self.id).exists():
            _forbid()
        name.strip() or refuse("name_needed")
        rows, marks = self.snapshot["rows"], []
        for index, (amount, reason) in sorted((differing or {}).items()):
            0 <= index < len(rows) or refuse("choice_unknown")
            reason.strip() or refuse("reason_needed")
            amount >= 0 or refuse("amount_unreadable")
            marks.append({"row": index, "amount": amount, "reason": reason.strip()[:500]})
        differs, name, at = bool(marks or missing.strip()), name.strip()[:100], now()
        signed = {
            "lines": marks,
            "missing": missing.strip()[:1000],
            "name": name,
            "contact": contact.name,
            "at": at.isoformat(),
            "signed_at": local_timestamp(at),
            "address": address,
            "made_by": self.made_by.name,
            "made_at": local_timestamp(self.made_at),
        }
        self.move(
            "open",
            to="differs" if differs else "agreed",
            contact=contact,
            confirmed_at=at,
            confirmed_by=name,
            marks=signed,
        )
        self.marks = {**signed, "disputes": self._raise_disputes(contact)}
        self.save()
        self.record(
            "statement_agreed" if not differs else "differed",
            contact,
            name=name,
            address=address,
        )
        wake("printing")

    @db.atomic()
    def destroy(self, by, reason):
        """Erase its texts; number, sums and hashes stay. Called by its filing only."""
        self.move(
            "agreed",
            "differs",
            "replaced",
            to="destroyed",
            snapshot={},
            marks={},
            confirmed_by="",
            contact=None,
        )
        Mail.update(context={}, attachment=None, filename="").where(
            Mail.key.startswith(self.mail_keys.format(id=self.id))
        ).execute()
        DocumentLink.delete().where(DocumentLink.statement == self.id).execute()
        self.record("destroyed", by, reason=reason, number=self.number)

    def _raise_disputes(self, contact):
        """Raise a dispute for each difference of the confirmation. Returns their ids."""
        found, author = [], self.marks["name"] if contact.link else ""
        for mark in self.marks["lines"]:
            row = self.snapshot["rows"][mark["row"]]
            document = (
                contact.sees.documents()
                .where(Document.id == row["document"], Document.state.in_(("issued", "archived")))
                .first()
            )
            ours = row["debit"] or row["credit"]
            amount = min(abs(ours - mark["amount"]), document.total) or None if document else None
            about = f"{self.number} · {row['number']}: {mark['reason']}"
            found.append(
                Dispute.raise_(
                    contact,
                    customer=self.customer,
                    document=document,
                    amount=amount,
                    reason="other",
                    text=about,
                    author=author,
                ).id
            )
        if self.marks["missing"]:
            found.append(
                Dispute.raise_(
                    contact,
                    customer=self.customer,
                    reason="other",
                    text=f"{self.number}: {self.marks['missing']}",
                    author=author,
                ).id
            )
        return found

    def mark_of(self, index):
        """The difference that the customer marked on a row, or None."""
        return next(
            (mark for mark in (self.marks or {}).get("lines", ()) if mark["row"] == index), None
        )


def frozen_account(customer, currency, since, until, number="", afresh=False):
    """The statement as data, from which its page, PDF and XLSX are made; `afresh` as account()
    says, where it is frozen."""
    found = account(customer, currency, since, until, afresh)
    return {
        "kind": "statement",
        "number": number,
        "language": customer.language,
        "currency": currency,
        "since": since.isoformat(),
        "until": until.isoformat(),
        "date": today().isoformat(),
        "seller": Company.current().as_seller(currency, customer.language, "statement"),
        "customer": {
            "name": customer.name,
            "code": customer.code or "",
            "tax_id": customer.tax_id,
            "address": customer.address_text(),
        },
        "words": in_words(found["closing"], currency, customer.language),
        **found,
    }


def local_timestamp(moment):
    """The UTC time in the company's time zone, with its name, as printed on a signed copy."""
    return f"{local(moment):%Y-%m-%d %H:%M} {zone().key}"


def _forbid():
    raise Forbidden("confirm")


NUMBERED["statement"] = Statement.select
