"""What every layout needs: menu, tabs, announcements, theme."""

from flask import (
    g,
    request,
    url_for,
)
from flask_babel import get_locale
from flask_babel import gettext as _

from models.approvals import Task
from models.company import Company
from models.core import disk
from models.core.roles import STAFF_ROLES
from models.operations.announcement import Announcement
from models.operations.glance import glance
from views.web.firm import firm
from views.web.help import help_address
from views.web.navigation import menu, places
from views.web.scope import person, sees
from views.web.templates import csrf_token


def layout_context():
    """What every layout needs."""
    if not request:
        return {"company": Company.current()}
    if g.get("gone"):
        return {"gone": True, "locale": str(get_locale() or "zh")[:2], "theme": chosen_theme()}
    if "nav" not in g:
        signed_in = person() and person().is_authenticated
        announced = signed_in and (not person().is_staff or glanced().announced)
        g.announcements = list(Announcement.current()) if announced else []
        g.nav = menu(waiting()) if signed_in else []
    ours = firm()
    return {
        "company": ours,
        "csrf_token": csrf_token,
        "nothing_saved": disk.current_failure(),
        "locale": str(get_locale() or "zh")[:2],
        "nav": g.nav,
        "announcements": g.get("announcements", ()),
        "theme": chosen_theme(),
        "contact": person(),
        "roles": STAFF_ROLES,
        "logo_url": url_for("portal_home.logo") if ours and ours.logo else None,
        "archive_tabs": archive_tabs,
        "settings_places": places,
        "help_address": help_address(),
    }


def chosen_theme():
    return request.cookies.get("__Host-theme") or request.cookies.get("theme", "")


def waiting():
    """The numbers beside the entries of the menu and of the tabs, counted once for a request."""
    if "waiting" not in g:
        g.waiting = {}
        if person().is_staff:
            lists = sees().destructions_waiting() if glanced().destruction else 0
            g.waiting = {"archive.index": lists}
            if glanced().asked:  # who never was needs no inbox
                g.waiting["tasks.index"] = glanced().tasks
    return g.waiting


def glanced():
    """What every page asks about this member of staff, asked once for a request."""
    if "glance" not in g:
        g.glance = glance(person())
    return g.glance


def archive_tabs():
    """The pages of the archive that this person may open."""
    may = person().may
    rows = [
        ("archive.index", _("All files"), "archive", True),
        ("einvoices.index", _("Tax invoices"), "receipt", may("drop_einvoice") and firm().in_china),
        ("packages.index", _("Annual archives"), "package", may("archive")),
        ("retention.index", _("Retention & review"), "clock", may("legal_hold")),
        ("legal_holds.index", _("Legal holds"), "lock", may("legal_hold")),
        ("destructions.index", _("Destruction"), "trash-2", may("witness")),
        ("inspections.index", _("Archive tests"), "shield-check", may("archive")),
        ("filing_rules.index", _("Archiving rules"), "settings", may("archive")),
    ]
    return [
        {
            "href": url_for(end),
            "label": label,
            "icon": icon,
            "active": end.split(".")[0] == request.blueprint,
            "count": waiting()["archive.index"] if end == "destructions.index" else 0,
        }
        for end, label, icon, shown in rows
        if shown
    ]


def open_tasks():
    """What waits for this person's decision, oldest first; with all that a list shows, in one
    query."""
    return Task.shown(sees().tasks().where(Task.state == "open").order_by(Task.opened_at, Task.id))
