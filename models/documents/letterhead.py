"""Who a mail comes from, and to whom its answer goes."""

from models.company import Company
from models.customers import Contact
from models.documents.document import Document


def letterhead(mail):
    """(the firm's name, the address for answers): those of customers reach the salesperson of the
    document, or of the customer, whose name then stands beside the firm's; without one who is here,
    there is neither."""
    company = Company.current()
    document = mail.document and Document.get_or_none(Document.id == mail.document)
    contact = mail.contact and Contact.get_or_none(Contact.id == mail.contact)
    owner = document.owner if document else contact.customer.leading.owner if contact else None
    name = " ".join(company.name.split()) if company else ""
    if not (owner and owner.active):
        return name, ""
    return f"{name} ({' '.join(owner.name.split())})", owner.email
