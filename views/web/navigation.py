"""The menu: seven entries in the order of a working day, the pages of an entry as its tabs, and
what concerns the firm itself under its name. What a person may not open is not shown."""

from collections import namedtuple

from flask import current_app, g, request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _pl

from models.approvals import Task
from models.people import User
from views.web.scope import person

# `may`: an ability (core/roles), none for everybody. A page lights the entry or the tab that its
# blueprint names (views/web/blueprints.py).
Entry = namedtuple("Entry", "endpoint label icon may tabs", defaults=(None, ()))
Tab = namedtuple("Tab", "endpoint label may", defaults=(None,))
Place = namedtuple("Place", "endpoint label may page", defaults=(None, None))

STAFF = [
    Entry("home.index", _l("Today"), "house"),
    Entry("documents.index", _l("Documents"), "files"),
    Entry(
        "customers.index",
        _l("Customers"),
        "users",
        tabs=[
            Tab("customers.index", _l("Customers")),
            Tab("follow_ups.index", _l("Follow-ups")),
            Tab("feedback.index", _l("Feedback")),
            Tab("greetings.index", _l("Greetings"), "govern"),
        ],
    ),
    Entry(
        "payments.index",
        _l("Money"),
        "wallet",
        tabs=[
            Tab("payments.index", _l("Payments")),
            Tab("bank_lines.index", _l("Bank transactions"), "pay"),
            Tab("receivables.index", _l("Receivables")),
            Tab("statements.index", _l("Statements")),
            Tab("reminders.index", _l("Payment reminders")),
            Tab("disputes.index", _l("Disputes")),
        ],
    ),
    Entry("tasks.index", _l("Approvals"), "stamp"),
    Entry("insights.index", _l("Insights"), "chart-column", "see_insights"),
    Entry("archive.index", _l("Archive"), "archive"),
]
# Pages that stand beside one of the tabs, in a second row, instead of below it.
BESIDE = {
    "refunds.index",
    "payments.write_offs",
    "receivables.items",
    "receivables.credit_limits",
    "follow_ups.month",
    "follow_ups.feed",
    "contact_plans.index",
    "feedback.score",
    "greetings.occasions",
}
FIRM = [
    Entry("products.index", _l("Products"), "package"),
    Entry("people.index", _l("Users"), "user", "manage_people"),
    Entry("settings.edit", _l("Settings"), "settings", "configure"),
    Entry("imports.index", _l("Import"), "upload", "import"),
    Entry("findings.index", _l("Checks"), "clipboard-check"),
    Entry("manual.index", _l("Manual"), "info"),
    Entry("handbook.index", _l("Handbook"), "file-text"),
    Entry("training.index", _l("Training"), "star"),
    Entry("number_book.index", _l("Number register"), "hash", "see_numbers"),
    Entry("journal.index", _l("Audit log"), "history", "see_journal"),
    Entry("access.index", _l("Who was here"), "shield", "see_journal"),
    Entry("backups.index", _l("Backups"), "database-backup", "back_up"),
    Entry("status.index", _l("System status"), "monitor", "back_up"),
]
PORTAL = [
    Entry("portal_home.index", _l("Overview"), "house"),
    Entry("portal_documents.index", _l("Documents"), "files"),
    Entry("portal_payments.index", _pl("customer", "Payments"), "wallet"),
    Entry("portal_statements.index", _l("Statements"), "scale"),
    Entry("portal_reminders.index", _l("Reminders received"), "bell"),
    Entry("portal_disputes.index", _l("Disputes"), "message-square"),
    Entry("portal_feedback.index", _l("Your feedback"), "star"),
]
# The places of the settings: those of their own pages, and those that stand elsewhere.
SETTINGS = [
    Place("settings.edit", _l("Company"), page="firm"),
    Place("settings.edit", _l("Documents"), page="documents"),
    Place("settings.edit", _l("Money"), page="money"),
    Place("tax_rates.index", _l("Tax rates")),
    Place("settings.edit", _l("Email"), page="mail"),
    Place("people.index", _l("Users and roles"), "manage_people"),
    Place("flows.index", _l("Approval flows")),
    Place("calendar.index", _l("Working calendar")),
    Place("levels.index", _l("Reminder levels")),
    Place("retention.index", _l("Archive and retention"), "legal_hold"),
    Place("backups.index", _l("Backups"), "back_up"),
    Place("settings.edit", _l("Integrations"), page="integrations"),
]
FIRST = 4  # entries of the portal, and of a phone's bar, that stand before "More"


def menu(waiting):
    """What the layouts show: {"main", "firm": entries, "tabs": those of the page's entry};
    `waiting`: {endpoint: the number beside it}."""
    staff = isinstance(person(), User)
    main = [e for e in (STAFF if staff else PORTAL) if shown(e, waiting)]
    here = next((e for e in main if stands(e.tabs)), None)
    return {
        "main": [drawn(e, waiting) for e in main],
        "firm": [drawn(e, waiting) for e in FIRM if shown(e, waiting)] if staff else [],
        "tabs": [drawn(t, waiting) for t in here.tabs if shown(t, waiting)] if here else [],
    }


def places():
    """The sub-navigation of the settings, on each of their pages, for who may open them."""
    of = {place.endpoint.split(".")[0] for place in SETTINGS}
    here = request.blueprint if request.blueprint in of else lit_entry()
    if here not in of or not person().may("configure"):
        return []
    page = g.get("settings_page")
    return [
        {
            "href": url_for(place.endpoint, page=place.page),
            "label": place.label,
            "active": (place.endpoint.split(".")[0], place.page) == (here, page),
        }
        for place in SETTINGS
        if place.may is None or person().may(place.may)
    ]


def lit_entry():
    """The blueprint of the entry that the page lights."""
    return getattr(current_app.blueprints.get(request.blueprint), "menu", None)


def shown(entry, waiting):
    """May this person open it? Approvals stand in the menu of those who decide."""
    if entry.endpoint not in current_app.view_functions:
        return False
    if entry.endpoint == "tasks.index":
        return waiting.get(entry.endpoint) or Task.ever_asked(person())
    return entry.may is None or person().may(entry.may)


def drawn(entry, waiting):
    names = {e.endpoint.split(".")[0] for e in (entry, *getattr(entry, "tabs", ()))}
    return {
        "href": url_for(entry.endpoint),
        "label": entry.label,
        "icon": getattr(entry, "icon", None),
        "count": waiting.get(entry.endpoint, 0),
        "active": lit_entry() in names,
        "polled": entry.endpoint == "tasks.index",
    }


def stands(tabs):
    """Is the page one of the tabs itself, or beside one? A page below one shows the way back
    instead. A form that was refused is shown again at the address of its page."""
    if request.endpoint in BESIDE:
        lit = current_app.blueprints[request.blueprint].menu
        return lit in {tab.endpoint.split(".")[0] for tab in tabs}
    return request.path in {url_for(tab.endpoint) for tab in tabs}
