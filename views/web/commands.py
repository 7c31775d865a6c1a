"""What the palette can do besides finding rows: begin something, or open a page."""

from flask import current_app, url_for
from flask_babel import lazy_gettext as _l

from models.adapters.search import pinyin
from views.web.navigation import FIRM, SETTINGS, STAFF, Entry
from views.web.scope import person

BEGIN = [
    Entry("documents.new", _l("New document"), "file-plus", "write"),
    Entry("customers.new", _l("New customer"), "user-plus", "write_customer"),
    Entry("products.new", _l("New product"), "package", "write_product"),
    Entry("payments.new", _l("Record a payment"), "wallet", "pay"),
    Entry("disputes.new", _l("Record a dispute"), "message-square", "dispute"),
    Entry("follow_ups.new", _l("New follow-up"), "phone", "care"),
    Entry("invitations.new", _l("Invite colleagues"), "user", "manage_people"),
]
# Pages beside a tab, which are looked for by their own names.
BESIDE = [
    Entry("refunds.index", _l("Refunds"), "wallet"),
    Entry("payments.write_offs", _l("Write-offs"), "wallet"),
    Entry("receivables.items", _l("Open items"), "wallet"),
    Entry("receivables.credit_limits", _l("Credit limits"), "wallet"),
    Entry("insights.monthly", _l("Monthly summary"), "chart-column", "see_insights"),
    Entry("einvoices.index", _l("Tax invoices"), "archive", "drop_einvoice"),
]


def begin(text):
    """The acts whose names hold the text, by its letters, or by pinyin; all for an empty text."""
    return _found(BEGIN, text)


def pages(text):
    """The pages of the menu, of its tabs and of the settings whose names hold the text."""
    tabs = [
        Entry(tab.endpoint, tab.label, entry.icon, tab.may)
        for entry in STAFF
        for tab in entry.tabs[1:]
    ]
    known = {entry.endpoint for entry in FIRM}
    places = [
        Entry(place.endpoint, place.label, "settings", place.may or "configure")
        for place in SETTINGS
        if place.endpoint not in known
    ]
    return _found([*STAFF, *tabs, *BESIDE, *FIRM, *places], text) if text else []


def _found(entries, text):
    looked_for = text.casefold().strip()
    return [
        {"href": url_for(e.endpoint), "label": label, "icon": e.icon}
        for e in entries
        if e.endpoint in current_app.view_functions and (e.may is None or person().may(e.may))
        for label in [str(e.label)]
        if any(looked_for in name for name in (label.casefold(), *pinyin(label)))
    ]
