"""A link in a mail that opens one document, for whoever holds the mail, without signing in."""

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
    """What one mail lets its reader open: usable again and again until it expires, is closed, or
    its document or contact no longer stands. Of its code only the hash is stored."""

    token = pw.CharField(max_length=64, unique=True)
    document = pw.ForeignKeyField(Document, backref="links")
    contact = pw.ForeignKeyField(Contact, backref="document_links")
    email = pw.CharField()
    made_at = pw.DateTimeField()
    expires_at = pw.DateTimeField()
    revoked_at = pw.DateTimeField(null=True)

    @classmethod
    @db.atomic()
    def make(cls, document, contact):
        """(link, its code) for this contact; None, "" where the firm wants no links or the
        contact may not see the document."""
        days = Company.current().setting("link_days")
        if not days or not contact.active or not contact.sees.may_see(document):
            return None, ""
        code = secrets.token_urlsafe(32)
        row = cls.create(
            token=digest(code),
            document=document,
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
    def usable(self):
        """Asked anew by every request: a void, a new address of the contact, or less to see close
        it at once."""
        contact, document = self.contact, self.document
        return (
            self.revoked_at is None
            and now() < self.expires_at
            and bool(Company.current().setting("link_days"))
            and document.state in ("issued", "archived")
            and contact.active
            and contact.email == self.email
            and contact.sees.may_see(document)
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
        looks after the document is told."""
        if not self.revoke(DocumentLink.id == self.id):
            return
        document = self.document
        document.record("link_closed", None, to=self.email)
        owner = document.owner
        if owner and owner.active:
            Mail.enqueue_to(
                owner,
                f"link-closed-{self.id}",
                "link_closed",
                {
                    "number": document.number,
                    "email": self.email,
                    "link": f"{Document.base_url or ''}/documents/{document.id}",
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
    """The one document that the link opens, and what its contact disputes about it: never what else
    they may see."""

    def __init__(self, link, person):
        self.link, self.person = link, person

    def documents(self):
        return Document.standing().where(Document.id == self.link.document_id)

    def disputes(self):
        rows = self.link.document.disputes
        return rows.where(rows.model.contact == self.link.contact_id).order_by(rows.model.id)

    def may_see(self, document):
        return document.id == self.link.document_id


def fresh_links(mail):
    """{"links": {number: address}, "link": the first, "link_until": their last day} for a mail that
    brings a contact a document, a reminder of some, or word of a dispute about one. The links are
    made while the mail is sent, so that their codes never stand in the database."""
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
    """The document of the mail, the first invoices that its reminder lists, or what a dispute is
    about, whose contact has no account to answer in."""
    if mail.template == "document_sent" and contact:
        return [Document.get_by_id(mail.document)]
    numbers = []
    if mail.template == "reminder" and contact:
        numbers = [item["number"] for item in mail.context["items"][:MOST_LINKS]]
    if mail.template == "dispute" and contact and not contact.password:
        numbers = [mail.context["paper"]]
    found = Document.standing().where(Document.number.in_(numbers)).order_by(Document.id)
    return found if numbers else []


def address(code):
    """The code stands in the query, which access logs leave out."""
    return f"{Document.base_url or ''}/d?code={code}"


def _close_of_disabled(contact, by):
    if not contact.active:
        DocumentLink.revoke(DocumentLink.contact == contact.id)


def _follow(row, _deleted):
    """The firm's switch closes every link, also for the time after it is on again."""
    if isinstance(row, Company) and not row.setting("link_days"):
        DocumentLink.revoke(DocumentLink.id > 0)


Contact.presence_followers = (_close_of_disabled,)
followers.append(_follow)
