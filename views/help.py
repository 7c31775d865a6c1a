"""Which section of the handbook explains a page."""

from flask import url_for

# blueprint → section; one place, so that a new page gets its help here.
SECTION = {
    "home": "01-overview",
    "customers": "02-customers",
    "contacts": "02-customers",
    "products": "02-customers",
    "tax_rates": "02-customers",
    "documents": "03-making",
    "lines": "03-making",
    "imports": "03-making",
    "submissions": "04-review",
    "tasks": "04-review",
    "decisions": "04-review",
    "requests": "04-review",
    "flows": "04-review",
    "delegations": "04-review",
    "calendar": "04-review",
    "number_book": "05-issue",
    "sendings": "06-delivery",
    "payments": "07-payment",
    "allocations": "07-payment",
    "statements": "07-payment",
    "bank_lines": "07-payment",
    "receivables": "07-payment",
    "refunds": "07-payment",
    "write_offs": "07-payment",
    "credit_notes": "07-payment",
    "search": "01-overview",
    "reminders": "08-reminders",
    "holds": "08-reminders",
    "disputes": "08-reminders",
    "promises": "08-reminders",
    "voidings": "09-correction",
    "archive": "10-filing",
    "folders": "10-filing",
    "retention": "11-keeping",
    "backups": "11-keeping",
    "destructions": "12-destruction",
    "follow_ups": "13-care",
    "contact_plans": "13-care",
    "greetings": "13-care",
    "occasions": "13-care",
    "surveys": "13-care",
    "feedback": "13-care",
    "people": "14-accounts",
    "sessions": "14-accounts",
    "settings": "14-accounts",
    "findings": "15-training",
    "training": "15-training",
    "handbook": "01-overview",
}


def help_address(blueprint):
    """The section for this page; the overview where none is named."""
    return url_for("handbook.show", key=SECTION.get(blueprint, "01-overview"))
