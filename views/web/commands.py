"""What the palette can do besides finding rows: begin something, or open a page."""

from flask import current_app, url_for
from flask_babel import lazy_gettext as _l

from models.adapters.search import pinyin
from views.web.navigation import FIRM, STAFF, Entry
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


def begin(text):
    """The acts whose names hold the text, by its letters, or by pinyin; all for an empty text."""
    return _found(BEGIN, text)


def pages(text):
    """The pages of the menu and its tabs whose names hold the text."""
    tabs = [
        Entry(tab.endpoint, tab.label, entry.icon, tab.may)
        for entry in STAFF
        for tab in entry.tabs[1:]
    ]
    return _found([*STAFF, *tabs, *FIRM], text) if text else []


def _found(entries, text):
    looked_for = text.casefold().strip()
    return [
        {"href": url_for(e.endpoint), "label": label, "icon": e.icon}
        for e in entries
        if e.endpoint in current_app.view_functions and (e.may is None or person().may(e.may))
        for label in [str(e.label)]
        if any(looked_for in name for name in (label.casefold(), *pinyin(label)))
    ]
