"""The menu: seven entries in the order of a working day, the pages of an entry as its tabs, and
what concerns the firm itself under its name. What a person may not open is not shown."""

import functools
from collections import namedtuple

from flask import current_app, g, request, url_for
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _pl

from models.people import User
from views.web.scope import person

# `may`: an ability (core/roles), none for everybody. A page lights the entry or the tab that its
# blueprint names (views/web/blueprints.py).
Entry = namedtuple("Entry", "endpoint label icon may tabs", defaults=(None, ()))
Tab = namedtuple("Tab", "endpoint label may", defaults=(None,))
Place = namedtuple("Place", "endpoint label may page", defaults=(None, None))
Drawn = namedtuple("Drawn", "href label icon count active polled")  # an entry or a tab, in a page
Face = namedtuple("Face", "href label lit_by")

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
OF_SETTINGS = {place.endpoint.split(".")[0] for place in SETTINGS}


def menu(waiting):
    """What the layouts show: {"main", "firm": entries, "tabs": those of the page's entry, "lit":
    whether one of the firm's is, "polled": whether one of main is asked for again and again};
    `waiting`: {endpoint: the number beside it}, of the approvals for whoever was ever asked."""
    staff, faces, lit = isinstance(person(), User), _faces(str(get_locale())), lit_entry()
    main = shown(STAFF if staff else PORTAL, waiting)
    here = next((e for e in main if lit in faces[e.endpoint, Entry].lit_by), None)

    def drawn(entries):
        return tuple(_drawn(e, faces[e.endpoint, type(e)], waiting, lit) for e in entries)

    tabs = drawn(shown(here.tabs, waiting)) if here else ()
    main, of_firm = drawn(main), drawn(shown(FIRM, waiting)) if staff else ()
    return {
        "main": main,
        "firm": of_firm,
        "lit": any(entry.active for entry in of_firm),
        "polled": any(entry.polled for entry in main),
        "tabs": tabs if stands(tabs) else (),
    }


def _drawn(entry, face, waiting, lit):
    count = waiting.get(entry.endpoint, 0)
    icon = getattr(entry, "icon", None)
    polled = entry.endpoint == "tasks.index"
    return Drawn(face.href, face.label, icon, count, lit in face.lit_by, polled)


@functools.cache
def _faces(_language):
    """{(endpoint, Entry or Tab): what is the same on every page in this language}."""
    entries = [*STAFF, *FIRM, *PORTAL]
    entries += [tab for entry in entries for tab in entry.tabs]
    return {(entry.endpoint, type(entry)): _face(entry) for entry in entries}


def _face(entry):
    lit_by = {e.endpoint.split(".")[0] for e in (entry, *getattr(entry, "tabs", ()))}
    return Face(url_for(entry.endpoint), str(entry.label), lit_by)


def places():
    """The sub-navigation of the settings, on each of their pages, for who may open them."""
    here = request.blueprint if request.blueprint in OF_SETTINGS else lit_entry()
    if here not in OF_SETTINGS or not person().may("configure"):
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


def shown(entries, waiting):
    """Those that this person may open. Approvals stand in the menu of those who decide."""
    may = person().may
    return [
        entry
        for entry in entries
        if (entry.endpoint != "tasks.index" or entry.endpoint in waiting)
        and (entry.may is None or may(entry.may))
    ]


def stands(tabs):
    """Is the page one of the tabs of its entry, or beside one? A page below one shows the way back
    instead. A form that was refused is shown again at the address of its page."""
    return request.endpoint in BESIDE or request.path in {tab.href for tab in tabs}
