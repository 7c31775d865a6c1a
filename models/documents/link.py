"""A link in a mail that opens one document or statement, for whoever holds the mail, without
signing in."""

import datetime as dt
import functools
import secrets

import peewee as pw

from models.adapters.outbox import Mail
from models.company import Company
from models.core import disk
from models.core.clock import local, now
from models.core.database import db
from models.core.errors import refuse
from models.core.journal import followers
from models.core.model import Model
from models.customers import Contact
from models.documents.document import Document
from models.people.secrets import digest

MOST_LINKS = 20  # in one mail; a reminder that lists more names the portal for the rest
VISIT = dt.timedelta(hours=8)  # from the press to the end of what it opened


class DocumentLink(Model):
    """What one mail lets its reader open, a document or a statement: usable again and again until
    it expires, is closed, or its subject or contact no longer stands. Of its code only the hash is
    stored."""

    token = pw.CharField(max_length=64, unique=True)
    document = pw.ForeignKeyField(Document, null=True, backref="links")
    contact = pw.ForeignKeyField(Contact, backref="document_links")
    email = pw.CharField()
    made_at = pw.DateTimeField()
    expires_at = pw.DateTimeField()
    revoked_at = pw.DateTimeField(null=True)
    statement = pw.DeferredForeignKey("Statement", null=True, backref="links")

    @classmethod
    @db.atomic()
    def make(cls, subject, contact):
        """(link, its code) for this contact; None, "" where the firm wants no links or the
        contact may not see the document or statement."""
        days = Company.current().setting("link_days")
        if not days or not contact.let_in or not subject.opens_for(contact):
            return None, ""
        code = secrets.token_urlsafe(32)
        row = cls.create(
            token=digest(code),
            **{"document" if isinstance(subject, Document) else "statement": subject},
            contact=contact,
            email=contact.email,
            made_at=now(),
            expires_at=now() + dt.timedelta(days=days),
        )
        return row, code

    @classmethod
    def of_code(cls, code):
        """The usable link with this code, or None."""
        row = cls.get_or_none(cls.token == digest(code)) if code else None
        return row if row and row.usable else None

    @property
    def subject(self):
        return self.document or self.statement

    @property
    def kind(self):
        return self.document.kind if self.document_id else "statement"

    @property
    def document_ids(self):
        """The document that it opens, or those that its statement lists."""
        return [self.document_id] if self.document_id else self.statement.document_ids

    @property
    def usable(self):
        """Asked anew by every request: a void, a new address of the contact, or less to see close
        it at once."""
        contact = self.contact
        return (
            self.revoked_at is None
            and now() < self.expires_at
            and bool(Company.current().setting("link_days"))
            and contact.let_in
            and contact.email == self.email
            and self.subject.opens_for(contact)
        )

    @db.atomic()
    def visit(self):
        """Open the document for this browser; returns the secret for its cookie."""
        self.usable or refuse("link_closed")
        secret = secrets.token_urlsafe(32)
        LinkVisit.create(token=digest(secret), link=self, started_at=now())
        return secret

    @db.atomic()
    def close(self):
        """The reader says that the mail was not meant for them: nobody opens it again, and whoever
        looks after its subject is told."""
        if not self.revoke(DocumentLink.id == self.id):
            return
        subject, place = self.subject, "documents" if self.document_id else "statements"
        subject.record("link_closed", None, to=self.email)
        owner = subject.owner
        if owner and owner.active:
            Mail.enqueue_to(
                owner,
                f"link-closed-{self.id}",
                "link_closed",
                {
                    "number": subject.number,
                    "email": self.email,
                    "link": f"{Document.base_url or ''}/{place}/{subject.id}",
                },
            )

    @classmethod
    def revoke(cls, which):
        """Close these links for good. Returns how many were open."""
        open_ = cls.revoked_at.is_null() & (cls.expires_at > now())
        return cls.update(revoked_at=now()).where(open_, which).execute()


class LinkVisit(Model):
    """One browser that pressed the button behind a link."""

    token = pw.CharField(max_length=64, unique=True)
    link = pw.ForeignKeyField(DocumentLink, backref="visits", on_delete="CASCADE")
    started_at = pw.DateTimeField()

    @classmethod
    def resume(cls, secret, link_id):
        """The link's contact, who sees its document alone and of whom the journal tells that they
        came by the link; None when the visit is over, or was to another link."""
        row = cls.get_or_none(
            cls.token == digest(secret), cls.link == link_id, cls.started_at > now() - VISIT
        )
        if row is None or not row.link.usable:
            return None
        contact = row.link.contact
        contact.link, contact.how_came = row.link, {"link": row.link.email}
        contact.scopes = functools.partial(LinkScopes, row.link)
        return contact


class LinkScopes:
    """The one document or statement that the link opens, with the documents that this lists, and
    what its contact disputes about them: never what else they may see."""

    def __init__(self, link, person):
        self.link, self.person = link, person

    def documents(self):
        return Document.standing().where(Document.id.in_(self.link.document_ids))

    def statements(self):
        Statement = DocumentLink.statement.rel_model
        return Statement.select().where(Statement.id == self.link.statement_id)

    def disputes(self):
        Dispute = Document.disputes.rel_model
        about = Dispute.document.in_(self.link.document_ids)
        mine = Dispute.contact == self.link.contact_id
        return Dispute.select().where(about, mine).order_by(Dispute.id)

    def may_see(self, document):
        return document.id in self.link.document_ids


def fresh_links(mail):
    """{"links": {number: address}, "link": the first, "link_until": their last day} for a mail that
    brings a contact a document, a statement, a reminder of some, or word of a dispute about one.
    The links are made while the mail is sent, so that their codes never stand in the database."""
    found = []
    with disk.if_free():
        contact = mail.contact and Contact.get_by_id(mail.contact)
        found = [(d.number, *DocumentLink.make(d, contact)) for d in _opened_by(mail, contact)]
    made = {number: (link, address(code)) for number, link, code in found if link}
    if not made:
        return {}
    link, first = next(iter(made.values()))
    return {
        "links": {number: at for number, (_link, at) in made.items()},
        "link_until": local(link.expires_at).date(),
        **({} if mail.reminder else {"link": first}),
    }


def _opened_by(mail, contact):
    """The document or statement of the mail, the first invoices that its reminder lists, or what a
    dispute is about, whose contact has no account to answer in."""
    if mail.template == "document_sent" and contact:
        return [Document.get_by_id(mail.document)]
    if mail.template in ("statement", "statement_reminder") and contact:
        Statement = DocumentLink.statement.rel_model
        return Statement.select().where(Statement.number == mail.context["number"])
    numbers = []
    if mail.template == "reminder" and contact:
        numbers = [item["number"] for item in mail.context["items"][:MOST_LINKS]]
    if mail.template == "dispute" and contact and not contact.password:
        numbers = [mail.context["paper"]]
    found = Document.standing().where(Document.number.in_(numbers)).order_by(Document.id)
    return found if numbers else []


def address(code):
    """The code stands behind the #, which browsers keep to themselves."""
    return f"{Document.base_url or ''}/d#{code}"


def _close_of_who_is_out(contact):
    if not contact.let_in:
        DocumentLink.revoke(DocumentLink.contact == contact.id)


def _follow(row, _deleted):
    """The firm's switch closes every link, also for the time after it is on again."""
    if isinstance(row, Company) and not row.setting("link_days"):
        DocumentLink.revoke(DocumentLink.id > 0)


Contact.sessions_followers = (_close_of_who_is_out,)
followers.append(_follow)
