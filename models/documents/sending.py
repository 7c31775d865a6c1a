"""Giving a paper to the customer by mail."""
from models.base import db, refuse


class Sending:
    @db.atomic()
    def send(self, by, contacts, message="", key="", base_url=""):
        """Queue one mail with the PDF and the portal link to each contact of the customer."""
        from models.outbox import Mail
        by.must("send", self)
        self.state in ("issued", "archived") or refuse("state_changed", now=self.state)
        contacts or refuse("no_recipient")
        from models.company import Company
        firm = Company.current()
        for contact in contacts:
            contact.customer_id == self.customer_id or refuse("stranger_contact")
            contact.email or refuse("no_email", name=contact.name)
            Mail.put(f"document-{self.id}-{contact.id}-{key}", to=contact.email, template="document_sent",
                     language=contact.language, document=self, contact=contact,
                     context={"name": contact.name, "kind": self.kind, "number": self.number, "message": message,
                              "firm": firm.name, "total": self.total, "currency": self.currency,
                              "due_on": self.due_on.isoformat() if self.due_on else "",
                              "link": f"{base_url}/portal/documents/{self.id}"},
                     attachment=self.paper or None, filename=f"{self.number}.pdf")
        self.record("sent", by, to=[c.email for c in contacts])
