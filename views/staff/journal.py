"""The whole journal, for administrators: who did what to which thing, and when."""

import datetime as dt

from flask import render_template, request
from flask_babel import gettext as _

from models.core.clock import begin_of_day, local
from models.core.journal import Event
from models.people import User
from views.lists import Listing
from views.web import events
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.events import changes
from views.web.events.kinds import kinds, thing_name
from views.web.fields import query_day, query_id, query_text
from views.web.scope import sees

bp = StaffBlueprint("journal", __name__, url_prefix="/journal", menu="journal", help="14-accounts")
# Until 0.9 the acts of staff on pages were stored as of a "LocalProxy".
STAFF = ("User", "LocalProxy")


def listing():
    """The events, narrowed by the query string, the newest first."""
    rows, who = sees().events(), query_text("who")
    if who in ("System", "Contact"):
        rows = rows.where(Event.actor_type == who)
    elif query_id("who"):
        rows = rows.where(Event.actor_id == query_id("who"), Event.actor_type.in_(STAFF))
    kind, _dot, action = query_text("action").rpartition(".")
    for value, column in ((action, Event.action), (kind.strip("*"), Event.subject_type)):
        if value:
            rows = rows.where(column == value)
    if query_text("kind"):
        rows = rows.where(Event.subject_type == query_text("kind"))
    if query_id("thing"):
        rows = rows.where(Event.subject_id == query_id("thing"))
    if query_day("since"):
        rows = rows.where(Event.at >= begin_of_day(query_day("since")))
    if query_day("until"):
        rows = rows.where(Event.at < begin_of_day(query_day("until") + dt.timedelta(days=1)))
    return Listing("journal", rows, {"id": (Event.id, "int")}, "-id")


@bp.get("/")
@can("see_journal")
def index():
    people = sees().people().order_by(User.name)
    return render_template(
        "staff/journal/index.html",
        listing=listing(),
        chosen=request.args,
        people={
            "System": _("System"),
            "Contact": _("Contacts"),
            **{str(u.id): u.name for u in people},
        },
        acts=events.acts(),
        kinds=kinds(),
        thing_name=thing_name,
        actor=events.actor,
    )


@bp.get("/export.<any(csv,xlsx):form>")
@can("see_journal")
def export(form):
    heads = [
        _("Number"),
        _("When"),
        _("Who"),
        _("Type of user"),
        _("User ID"),
        _("Action"),
    ]
    heads += [_("Object"), _("Object ID"), _("Changed"), _("Reason"), _("Address"), _("Hash")]
    return listing().as_file(
        form,
        heads,
        lambda e: [
            e.id,
            f"{local(e.at):%Y-%m-%d %H:%M:%S}",
            events.actor(e),
            e.actor_kind,
            e.actor_id,
            events.told(e)[0],
            thing_name(e.subject_type),
            e.subject_id,
            changes.as_text(e),
            str(e.facts.get("reason") or e.facts.get("note") or ""),
            e.origin or "",
            e.hash,
        ],
    )
