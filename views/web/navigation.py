"""The menu: one line an entry, in the order of a working day; what a person may not open is not
shown."""

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _l

from models.people import User
from views.web.scope import person

# (group, endpoint, label, icon, ability or None); which pages light an entry, their blueprint says
STAFF = [
    ("", "home.index", _l("Today"), "house", None),
    ("", "tasks.index", _l("Approvals"), "inbox", None),
    (_l("Sell"), "documents.index", _l("Documents"), "files", None),
    (_l("Sell"), "customers.index", _l("Customers"), "users", None),
    (_l("Sell"), "follow_ups.index", _l("Follow-ups"), "calendar", None),
    (_l("Sell"), "products.index", _l("Products"), "package", None),
    (_l("Sell"), "insights.index", _l("Insights"), "chart-column", "see_insights"),
    (_l("Sell"), "greetings.index", _l("Greetings"), "mail", "govern"),
    (_l("Sell"), "feedback.index", _l("Feedback"), "message-square", None),
    (_l("Get paid"), "payments.index", _l("Payments"), "wallet", None),
    (_l("Get paid"), "receivables.index", _l("Receivables"), "hand-coins", None),
    (_l("Get paid"), "statements.index", _l("Statements"), "scale", None),
    (_l("Get paid"), "reminders.index", _l("Reminders"), "bell", None),
    (_l("Get paid"), "disputes.index", _l("Complaints"), "message-square", None),
    (_l("Keep in order"), "archive.index", _l("Archive"), "archive", None),
    (_l("Keep in order"), "findings.index", _l("Checks"), "clipboard-check", None),
    (_l("Keep in order"), "handbook.index", _l("Handbook"), "file-text", None),
    (_l("Keep in order"), "training.index", _l("Training"), "star", None),
    (_l("Keep in order"), "number_book.index", _l("Number book"), "hash", "see_numbers"),
    (_l("Keep in order"), "journal.index", _l("Journal"), "history", "see_journal"),
    (_l("Keep in order"), "backups.index", _l("Backups"), "database-backup", "back_up"),
    (_l("Keep in order"), "status.index", _l("Status"), "monitor", "back_up"),
    (_l("The firm"), "imports.index", _l("Import"), "upload", "import"),
    (_l("The firm"), "people.index", _l("People"), "user", "manage_people"),
    (_l("The firm"), "settings.edit", _l("Settings"), "settings", "configure"),
]
PORTAL = [
    ("", "portal_home.index", _l("Overview"), "house", None),
    ("", "portal_documents.index", _l("Documents"), "files", None),
    ("", "portal_payments.index", _l("Your payments"), "wallet", None),
    ("", "portal_statements.index", _l("Statements"), "scale", None),
    ("", "portal_reminders.index", _l("Reminders received"), "bell", None),
    ("", "portal_disputes.index", _l("Disputes"), "message-square", None),
    ("", "portal_feedback.index", _l("Your feedback"), "star", None),
]


def menu(waiting):
    """What the layouts show; `waiting`: {endpoint: the number beside it}."""
    staff = isinstance(person(), User)
    lit = getattr(current_app.blueprints.get(request.blueprint), "menu", None)
    return [
        {
            "group": str(group),
            "href": url_for(end),
            "label": label,
            "icon": icon,
            "count": waiting.get(end, 0),
            "active": end.split(".")[0] == lit,
            "polled": end == "tasks.index",
        }
        for group, end, label, icon, ability in (STAFF if staff else PORTAL)
        if (ability is None or person().may(ability)) and end in current_app.view_functions
    ]
