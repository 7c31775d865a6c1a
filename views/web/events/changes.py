"""What an event tells of a change, in the reader's language."""

from flask import get_template_attribute
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _pl

from views.refusals import word
from views.web import labels
from views.web.days import shown

# {field of the journal: what the forms call it}
FIELD_NAMES = {
    "accounts": _l("Bank accounts"),
    "active": _l("Active"),
    "address": _l("Address"),
    "address_en": _l("Address (English)"),
    "amount": _l("Amount"),
    "bank_account": _l("Account no."),
    "bank_branch": _l("Branch"),
    "bank_branch_en": _l("Branch (English)"),
    "bank_code": _l("Bank code (CNAPS, BIC)"),
    "bank_name": _l("Bank"),
    "bank_name_en": _l("Bank (English)"),
    "bic": _l("BIC of this account"),
    "birthday": _l("Birthday"),
    "birthday_lunar": _l("celebrates the birthday by the Chinese calendar"),
    "category": _l("Category"),
    "chosen_date": _l("Date"),
    "class": _l("Archive class"),
    "code": _l("Code"),
    "conditions": _l("Conditions"),
    "contact": _l("Contact"),
    "copy_owner": _l("A copy to the customer's salesperson"),
    "contract_seal": _l("Seal for contracts and deliveries (PNG or JPEG)"),
    "contract_seal_kinds": _l("The seal for contracts and deliveries is printed on"),
    "cost": _l("Cost"),
    "credit_limit": _l("Credit limit"),
    "currency": _l("Currency"),
    "customer": _l("Customer"),
    "date": _l("Date"),
    "day": _l("Day"),
    "date_format": _l("Date format"),
    "days": _l("Days from the due date"),
    "delivery_on": _l("Delivery date"),
    "discount": _l("Discount"),
    "dispute_hours": _l("Time limit for disputes (working hours)"),
    "due_on": _l("Due"),
    "due_soon_days": _l("Days before the due date"),
    "email": _l("Email address"),
    "every_days": _l("Every (days)"),
    "first_steps": _l("Show first steps"),
    "fiscal_month": _l("Fiscal year starts in"),
    "font": _l("Font of your own (TrueType)"),
    "font_letters": _l("Characters added by the font"),
    "font_name": _l("Name of the font"),
    "footer": _l("Footer on documents"),
    "footer_en": _l("Footer on documents (English)"),
    "founded_on": _l("Company founded on"),
    "greetings_off_at": _l("unsubscribed from greetings"),
    "hour": _l("Hour"),
    "iban": _l("IBAN for payments in euros"),
    "import_cells": _l("Max. cells per import file (millions)"),
    "import_mb": _l("Max. import file size (MB)"),
    "import_rows": _l("Max. rows per import file"),
    "interest": _l("Interest in percent a year"),
    "internal_note": _l("Internal note"),
    "keep": _l("Backups kept"),
    "kind": _l("Type"),
    "language": _l("Language"),
    "lead_days": _l("Days before"),
    "least": _l("Total at least"),
    "link_days": _l("Days a link in an email stays valid"),
    "legal_name": _l("Registered name"),
    "legal_name_en": _l("Registered name (English)"),
    "lines": _l("Lines"),
    "lunar_day": _l("Day of the Chinese calendar"),
    "lunar_leap": _l("in the leap month (闰月)"),
    "lunar_month": _l("Month of the Chinese calendar"),
    "logo": _l("Logo (PNG or JPEG)"),
    "month": _l("Month"),
    "name": _l("Name"),
    "gets_greetings": _l("Receives greetings and offers"),
    "gets_invoices": _l("Receives invoices"),
    "gets_reminders": _l("Receives payment reminders"),
    "gets_statements": _l("Receives statements"),
    "name_en": _l("Name (English)"),
    "net": _l("Subtotal (excl. tax)"),
    "note": _l("Note"),
    "number": _l("Number"),
    "owner": _l("Salesperson"),
    "password": _l("Password"),
    "pattern": _l("Number pattern"),
    "payment_link": _l("Payment link"),
    "phone": _l("Phone"),
    "position": _l("Position"),
    "price": _l("Unit price"),
    "prices_include_tax": _l("Prices include tax"),
    "priority": _l("Priority"),
    "rate": _l("Tax rate (%)"),
    "recall_late": _l("Allow recall after the first approval"),
    "reference": _l("Customer reference"),
    "reminder_hour": _l("Hour"),
    "reminders_automatic": _l("Send reminders automatically"),
    "resting": _l("Paused permissions"),
    "rhythm": _l("How often"),
    "roles": _l("Roles"),
    "seal": _l("Seal for invoices (PNG or JPEG)"),
    "seal_kinds": _l("The seal for invoices is printed on"),
    "secret": _l("Password"),
    "sees_company": _l("Can see all documents of their company"),
    "session_days": _l("Sign in again after (days)"),
    "session_idle_hours": _l("Sign out after inactivity (hours)"),
    "settings": _l("Settings"),
    "settled": _l("Once settled"),
    "short_name": _l("Short name"),
    "start": _l("Next number"),
    "steps": _l("Steps"),
    "subject": _l("Subject"),
    "superior": _l("Superior"),
    "tag": _l("For customers with the tag"),
    "tags": _l("Tags"),
    "tax": _l("Tax rate"),
    "tax_id": _l("Tax ID"),
    "team": _l("Team"),
    "terms_days": _l("Payment terms (days)"),
    "text": _l("Text"),
    "text_en": _l("Text in English"),
    "text_zh": _l("Text in Chinese"),
    "title": _l("Title"),
    "title_en": _l("Title in English"),
    "title_zh": _l("Title in Chinese"),
    "total": _l("Total (incl. tax)"),
    "unit": _l("Unit"),
    "unit_en": _l("Unit (English)"),
    "valid_from": _l("Valid from"),
    "valid_to": _l("Valid to"),
    "valid_until": _l("Valid until"),
    "website": _l("Website"),
    "weekly_digest": _l("Weekly digest"),
    "what": _l("What to do"),
    "working_hours": _l("Working hours"),
    "works": _l("a working day"),
    "years": _l("Years"),
    "zone": _l("Time zone"),
}
OF_CLASS = {
    ("Filing", "code"): _l("Archive no."),
    ("Filing", "name"): _l("File"),
    ("Document", "tax"): _l("Tax amount"),
    ("Contact", "name"): _pl("person", "Name"),
    ("User", "name"): _pl("person", "Name"),
    ("Customer", "name"): _pl("customer", "Name"),
    ("Company", "name"): _l("Company name"),
}


def changes(event):
    """[(field, before, after)] of an event (or of none), in the reader's language; before and after
    are None where the journal tells no values, as of passwords and in earlier versions."""
    return of_facts(event.subject_type, event.facts) if event else []


def of_facts(kind, facts):
    was, now = facts.get("was") or {}, facts.get("now") or {}
    names = [*facts.get("changed", ()), *was]
    return [
        (
            field_name(kind, name),
            _value(name, was[name]) if name in was else None,
            _value(name, now.get(name)) if name in was else None,
        )
        for name in dict.fromkeys(names)
    ]


def as_text(event):
    """The changes in one line, for a file."""
    return "; ".join(
        str(name) if before is None else labels.headed(name, f"{before} → {after}")
        for name, before, after in changes(event)
    )


def field_name(kind, name):
    known = OF_CLASS.get((kind, name)) or FIELD_NAMES.get(name.rpartition(".")[2])
    if known is None and "." in name:  # a part of a setting, such as the BIC of one account
        return f"{field_name(kind, name.partition('.')[0])} {name.partition('.')[2]}"
    return known or name


def _value(name, value):
    if value in (None, "", [], {}):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "class":
        return str(get_template_attribute("shared/labels.html", "class_label")(value)).strip()
    if name == "roles":
        return labels.listed(word(role) for role in value)
    if isinstance(value, list):
        return labels.listed(_value("", each) for each in value)
    if isinstance(value, dict):
        return labels.listed(labels.headed(key, _value("", each)) for key, each in value.items())
    return str(shown(value))
