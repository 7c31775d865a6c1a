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
    def opens_for(self, contact):
        """Whether a link in a mail may open it for the contact now."""
        return self.state in ("issued", "archived") and contact.sees.may_see(self)

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
    def issue_and_send(self, by, contacts, letter, key, shown_number="", **issuing):
        """Issue it and send it as one act. Where the letter names the number that was shown and
        another document has drawn it meanwhile, it names the right one."""
        self.issue_at_once(by, **issuing)
        words = {
            name: text.replace(shown_number, self.number) if shown_number else text
            for name, text in letter.items()
        }
        self.send(by, contacts, key=key, **words)

    @db.atomic()
    def send(self, by, contacts, message="", key="", base_url="", subject=""):
        """Queue one mail with the PDF and the portal link for each contact; a subject or message
        stands in place of ours. A mail whose PDF is not made yet waits for it."""
        self.state in ("issued", "archived") or refuse("state_changed", now=self.state)
        self._check_receivers(by, contacts)
        written = {"message": message, "subject": subject}
        for contact in contacts:
            Mail.enqueue(
                f"document-{self.id}-{contact.id}-{key}",
                **self._mail_fields(contact, written, base_url),
            )
        self._copy_to_bookkeeper(contacts, written, key, base_url)
        self.record("sent", by, to=[c.email for c in contacts])
        if not self.pdf_sha256:
            wake("printing")

    def _copy_to_bookkeeper(self, contacts, written, key, base_url):
        if address := Company.current().setting("bookkeeper_mail"):
            fields = self._mail_fields(contacts[0], written, base_url)
            names = ", ".join(c.name for c in contacts)
            link = f"{base_url}/documents/{self.id}"
            context = {**fields["context"], "copy_of": names, "link": link}
            fields |= {"to": address, "contact": None, "context": context}
            Mail.enqueue(f"document-{self.id}-copy-{key}", **fields)

    def preview_sending(self, by, contacts, message="", base_url="", subject=""):
        """[(contact, subject, text)] as send() would mail them, of a draft as if it were issued
        now; nothing is queued."""
        self._check_receivers(by, contacts)
        written = {"message": message, "subject": subject}
        return [
            (c, *outbox.preview(**self._mail_fields(c, written, base_url))[:2]) for c in contacts
        ]

    def _check_receivers(self, by, contacts):
        by.must("send", self)
        contacts or refuse("no_recipient")
        for contact in contacts:
            self.customer.is_one_with(contact.customer_id) or refuse("stranger_contact")
            contact.email or refuse("no_email", name=contact.name)
            contact.sees.may_see(self) or refuse("contact_sees_not", name=contact.name)

    def _mail_fields(self, contact, written, base_url):
        number = self.number or self.number_to_come()
        link = f"{base_url}/portal/documents/{self.id}"
        return {
            "to": contact.email,
            "template": "document_sent",
            "language": contact.language,
            "document": self,
            "contact": contact,
            "attachment": self.pdf_sha256,
            "filename": filenames.pdf_of(number),
            "context": {"name": contact.name, "link": link, **self.mail_facts(), **written},
        }

    def mail_facts(self):
        """What a mail says of the document, of a draft as if it were issued now."""
        due = self.due_on if self.number else self.due_day(self.day_to_print())
        return {
            "kind": self.kind,
            "number": self.number or self.number_to_come(),
            "firm": Company.current().name,
            "sender": self.owner.name if self.owner and self.owner.active else "",
            "total": self.total,
            "currency": self.currency,
            "due_on": due.isoformat() if due else "",
        }
