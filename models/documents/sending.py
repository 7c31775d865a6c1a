"""Sending a document to the customer by mail."""

from models.adapters import outbox
from models.adapters.outbox import Mail
from models.company import Company
from models.core import filenames
from models.core.database import db
from models.core.errors import refuse
from models.core.wake import wake
from models.customers import Contact
from models.customers.contact import one_per_address


class Sending:
    def possible_receivers(self):
        """The customer's contacts who may be mailed it, since they may see it: the one named on the
        document first."""
        people = self.customer.all_contacts().where(Contact.active, Contact.email != "")
        may_see = [contact for contact in people if contact.sees.may_see(self)]
        first = sorted(may_see, key=lambda contact: (contact.id != self.contact_id, contact.id))
        return one_per_address(first)

    def marked_receivers(self, possible):
        """Of the possible receivers those who are marked for invoices, or the one named on the
        document alone; nobody for other kinds, or where nobody is marked."""
        marked = [contact for contact in possible if contact.gets_invoices]
        if self.kind not in ("invoice", "credit_note") or not marked:
            return []
        return [contact for contact in possible if contact.id == self.contact_id] or marked

    @db.atomic()
    def send(self, by, contacts, message="", key="", base_url=""):
        """Queue one mail with the PDF and the portal link for each contact. A mail whose PDF is not
        made yet waits for it."""
        self._may_send(by, contacts)
        for contact in contacts:
            Mail.enqueue(
                f"document-{self.id}-{contact.id}-{key}",
                **self._mail_fields(contact, message, base_url),
            )
        self._copy_to_bookkeeper(contacts, message, key, base_url)
        self.record("sent", by, to=[c.email for c in contacts])
        if not self.pdf_sha256:
            wake("printing")

    def _copy_to_bookkeeper(self, contacts, message, key, base_url):
        if address := Company.current().setting("bookkeeper_mail"):
            fields = self._mail_fields(contacts[0], message, base_url)
            names = ", ".join(c.name for c in contacts)
            link = f"{base_url}/documents/{self.id}"
            context = {**fields["context"], "copy_of": names, "link": link}
            fields |= {"to": address, "contact": None, "context": context}
            Mail.enqueue(f"document-{self.id}-copy-{key}", **fields)

    def preview_sending(self, by, contacts, message="", base_url=""):
        """[(contact, subject, text)] as send() would mail them; nothing is queued."""
        self._may_send(by, contacts)
        return [
            (c, *outbox.preview(**self._mail_fields(c, message, base_url))[:2]) for c in contacts
        ]

    def _may_send(self, by, contacts):
        by.must("send", self)
        self.state in ("issued", "archived") or refuse("state_changed", now=self.state)
        contacts or refuse("no_recipient")
        for contact in contacts:
            self.customer.is_one_with(contact.customer_id) or refuse("stranger_contact")
            contact.email or refuse("no_email", name=contact.name)
            contact.sees.may_see(self) or refuse("contact_sees_not", name=contact.name)

    def _mail_fields(self, contact, message, base_url):
        return {
            "to": contact.email,
            "template": "document_sent",
            "language": contact.language,
            "document": self,
            "contact": contact,
            "attachment": self.pdf_sha256,
            "filename": filenames.pdf_of(self.number),
            "context": {
                "name": contact.name,
                "kind": self.kind,
                "number": self.number,
                "message": message,
                "firm": Company.current().name,
                "total": self.total,
                "currency": self.currency,
                "due_on": self.due_on.isoformat() if self.due_on else "",
                "link": f"{base_url}/portal/documents/{self.id}",
            },
        }
