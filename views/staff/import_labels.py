"""What a column of a file to import can mean."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

LABELS = {
    "name": _l("Name"),
    "code": _l("Code"),
    "short_name": _l("Short name"),
    "tax_id": _l("Tax ID"),
    "phone": _l("Phone"),
    "email": _l("Email address"),
    "bank_name": _l("Bank"),
    "bank_account": _l("Account no."),
    "terms_days": _l("Payment terms (days)"),
    "credit_limit": _l("Credit limit"),
    "currency": _l("Currency"),
    "language": _l("Language"),
    "owner": _l("Salesperson"),
    "tags": _l("Tags"),
    "street": _l("Address: street"),
    "street2": _l("Address: second line"),
    "city": _l("Address: city"),
    "region": _l("Address: state or province"),
    "postal_code": _l("Address: postal code"),
    "country": _l("Address: country"),
    "delivery": _l("Delivery address"),
    "contact_name": _l("Contact: name"),
    "contact_first": _l("Contact: first name"),
    "contact_last": _l("Contact: last name"),
    "contact_position": _l("Contact: position"),
    "contact_email": _l("Contact: email"),
    "contact_phone": _l("Contact: phone"),
    "contact_birthday": _l("Contact: birthday"),
    "spec": _l("Specification"),
    "name_en": _l("Name (English)"),
    "unit": _l("Unit"),
    "unit_en": _l("Unit (English)"),
    "price": _l("Unit price"),
    "category": _l("Category"),
    "cost": _l("Cost"),
    "tax": _l("Tax rate"),
    "active": _l("Active"),
    "number": _l("Number"),
    "date": _l("Date"),
    "due_on": _l("Due date"),
    "delivery_on": _l("Delivery date"),
    "reference": _l("Customer reference"),
    "customer_code": _l("Customer: code"),
    "customer_name": _l("Customer: name"),
    "quantity": _l("Quantity"),
    "price_with_tax": _l("Price with tax"),
    "amount": _l("Line total"),
    "amount_with_tax": _l("Line amount incl. tax"),
    "tax_amount": _l("Tax of the line"),
    "discount": _l("Discount"),
    "discount_amount": _l("Line discount amount"),
    "total": _l("Total of the document"),
    "note": _l("Note"),
    "payments": _l("Payments (date | amount | reference; …)"),
    "paid": _l("Amount paid"),
    "open": _l("Amount outstanding"),
    "paid_on": _l("Paid on"),
    "corrects": _l("Original invoice"),
    "type": _l("Kind of document"),
    "status": _l("State"),
}


def label(name):
    """The word for a field; a head of the file as it stands there."""
    if name and name.startswith("line-"):
        return _("Line %(number)s", number=name.removeprefix("line-"))
    return LABELS.get(name, name)
