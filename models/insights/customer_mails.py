"""What customers are told of a decision: an offer, which they may refuse to get, or new terms,
which they must know."""

from models.care import OptOutLink
from models.company import Company
from models.customers import Contact

TEMPLATES = {"campaign": "campaign", "prices": "price_offer", "terms": "terms_changed"}
ADVERTISING = ("campaign", "prices")  # not to those who want none, and with the way out


def letters(kind, customers, options, base_url="", last_day=None, real=False):
    """[(contact, what the mail is made of)] to everybody with an address. Only a `real` letter gets
    a way out that works."""
    if kind not in TEMPLATES:
        return []
    people = Contact.select().where(
        Contact.customer.in_(customers), Contact.active, Contact.email != ""
    )
    if kind in ADVERTISING:
        people = people.where(Contact.greetings_off_at.is_null())
    return [
        (
            c,
            {
                "template": TEMPLATES[kind],
                "language": c.language,
                "context": _said(kind, c, options, base_url, last_day, real),
            },
        )
        for c in people.order_by(Contact.id)
    ]


def _said(kind, contact, options, base_url, last_day, real):
    said = {"name": contact.name, "firm": Company.current().name}
    if kind == "terms":
        return said | {
            "terms": options["terms_days"],
            "before": contact.customer.terms_days,
            "customer": contact.customer.name,
        }
    said["link"] = f"{base_url}/no-more-greetings/{OptOutLink.make(contact) if real else '…'}"
    if kind == "campaign":
        return said | {"subject": options["subject"], "text": options["text"]}
    return said | {
        "title": options["name"],
        "discount": options["discount"],
        "category": options.get("category", ""),
        "last_day": last_day.isoformat(),
    }
