"""The customer confirms a quote, an order or a delivery."""

import peewee as pw

from models.adapters import blobs, gathering, received
from models.adapters.sandbox.limits import PRINTED
from models.core.clock import now
from models.core.database import db
from models.core.errors import Forbidden, refuse
from models.core.model import Model
from models.customers import Contact
from models.documents import approval_gate

MOST_SIGNATURE_BYTES = 200_000


def signature_of(drawn):
    """The drawn signature as Received, None for none. Refused when it is no small PNG."""
    if isinstance(drawn, bytes) and len(drawn) > MOST_SIGNATURE_BYTES:
        refuse("signature_unreadable")
    drawn = received.examined(drawn, PRINTED)
    drawn is None or drawn.extension == "png" or refuse("signature_unreadable")
    return drawn


class Opening(Model):
    """The first time a contact opened a document."""

    document = pw.DeferredForeignKey("Document", backref="openings")
    contact = pw.ForeignKeyField(Contact)
    at = pw.DateTimeField()

    class Meta:
        indexes = ((("document", "contact"), True),)


class Confirmation:
    @property
    def confirmable(self):
        return (
            self.kind in ("quote", "order", "delivery_note")
            and self.state in ("issued", "archived")
            and not self.confirmed_at
        )

    def confirm(self, contact, name, address="", drawn=b""):
        """The contact signs with a name and, optionally, a drawn signature (`drawn`, a PNG as bytes
        or Received); time, name and IP address are recorded."""
        self._confirm(contact, name, address, signature_of(drawn))

    @db.atomic()
    def _confirm(self, contact, name, address, drawn):
        if not contact.sees.documents().where(type(self).id == self.id).exists():
            _forbid()
        self.kind in ("quote", "order", "delivery_note") or refuse("not_confirmable")
        name.strip() or refuse("name_needed")
        signature = blobs.keep(drawn.data) if drawn else None
        updated = (
            type(self)
            .update(confirmed_at=now(), confirmed_by=name.strip()[:100], signature=signature)
            .where(
                type(self).id == self.id,
                type(self).state.in_(("issued", "archived")),
                type(self).confirmed_at.is_null(),
            )
            .execute()
        )
        updated or refuse("already_confirmed")
        self.record(
            "confirmed", contact, name=name.strip()[:100], address=address, signature=signature
        )
        self._mail_confirmed(contact)

    def _mail_confirmed(self, contact):
        """Tell the salesperson, and whoever submitted the document."""
        request = approval_gate.requests().current(self)
        people = {self.owner, request.submitter if request else None} - {None}
        for person in (p for p in people if p.active):
            gathering.tell(
                person,
                "confirmed",
                {
                    "kind": self.kind,
                    "number": self.number,
                    "customer": contact.customer.name,
                    "link": f"{self.base_url or ''}/documents/{self.id}",
                },
            )

    @db.atomic()
    def record_opening(self, contact):
        """Record that the contact opened the document for the first time; later openings change
        nothing."""
        try:
            with db.atomic():
                Opening.create(document=self, contact=contact, at=now())
        except pw.IntegrityError:
            return
        self.record("opened", contact)


def _forbid():
    raise Forbidden("confirm")
