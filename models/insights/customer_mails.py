"""The mails of an act: an offer, from which contacts may opt out, or new terms, which they must
know."""

from models.care import OptOutLink
from models.company import Company
from models.customers import Contact, Customer
from models.customers.contact import one_per_person

TEMPLATES = {"campaign": "campaign", "prices": "price_offer", "terms": "terms_changed"}
ADVERTISING = ("campaign", "prices")  # only to contacts marked for it, and with an opt-out link


def customer_mails(kind, customers, options, base_url="", last_day=None, real=False):
    """[(contact, arguments of the mail)] to everybody with an address. Only a `real` mail gets a
    working opt-out link."""
    if kind not in TEMPLATES:
        return []
    contacts = (
        Contact.select()
        .where(
            Contact.customer.in_(Customer.groups_of(list(customers))),
            Contact.active,
            Contact.email != "",
        )
        .order_by(Contact.id)
    )
    if kind in ADVERTISING:
        contacts = contacts.where(Contact.gets_greetings, Contact.greetings_off_at.is_null())
        contacts = [c for c in contacts if not c.opted_out]
    return [
        (
            c,
            {
                "template": TEMPLATES[kind],
                "language": c.language,
                "context": _context(kind, c, options, base_url, last_day, real),
            },
        )
        for c in one_per_person(contacts, Customer.mains())
    ]


def _context(kind, contact, options, base_url, last_day, real):
    context = {"name": contact.name, "firm": Company.current().name}
    if kind == "terms":
        return context | {
            "terms": options["terms_days"],
            "before": contact.customer.leading.terms_days,
            "customer": contact.customer.leading.name,
        }
    context["link"] = f"{base_url}/no-more-greetings/{OptOutLink.make(contact) if real else '…'}"
    if kind == "campaign":
        return context | {"subject": options["subject"], "text": options["text"]}
    return context | {
        "title": options["name"],
        "discount": options["discount"],
        "category": options.get("category", ""),
        "last_day": last_day.isoformat(),
    }
