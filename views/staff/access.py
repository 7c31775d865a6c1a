"""Who was here, for administrators: sign-ins, refusals, exports, changes of rights and devices."""

import datetime as dt
import re

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from models.core.clock import begin_of_day, local
from models.core.journal import Event
from models.people import AccessEntry, User
from models.people.access_entry import KINDS
from views.lists import Listing
from views.web import events, labels
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.events import changes
from views.web.events.kinds import thing_name
from views.web.fields import query_day, query_id, query_text
from views.web.idempotency import idempotent
from views.web.language import N_
from views.web.scope import person, sees

bp = StaffBlueprint("access", __name__, url_prefix="/access", menu="access", help="14-accounts")
KIND_NAMES = {
    "sign_in": N_("Sign-ins"),
    "refusal": N_("Refusals"),
    "export": N_("Exports and downloads"),
    "rights": N_("Changes of rights"),
    "device": N_("Devices"),
}
assert tuple(KIND_NAMES) == KINDS
# What the lines of the security log begin with; one that is not here is shown as it stands.
LINES = {
    "sign-in refused": N_("Wrong email address or password"),
    "sign-in held back": N_("Sign-in refused after too many tries"),
    "signed in while nothing can be written": N_("Signed in while nothing could be saved"),
    "old password refused": N_("Wrong old password"),
    "proof refused": N_("Wrong password or code before something important"),
    "proof held back": N_("Password or code refused after too many tries"),
    "link asked for": N_("Asked for a link by email"),
    "link held back": N_("Link refused after too many tries"),
    "link refused": N_("Opened an invalid link"),
    "document link refused": N_("Opened an invalid link to a document"),
    "form without its token": N_("Sent a form without its token"),
    "forbidden": N_("Tried what the role does not allow"),
    "not in scope": N_("Looked for what is not theirs"),
    "exported": N_("Downloaded a list or several files"),
    "file refused by the virus scanner": N_("File refused by the virus scanner"),
    "file taken unchecked": N_("File taken without a virus check"),
    "virus found in a kept file": N_("Virus found in a kept file"),
    "provider sign-in refused": N_("Single sign-on refused"),
    "password held back": N_("Password refused: only single sign-on is allowed"),
    "refused outside the networks": N_("Staff from outside the networks refused"),
    "new device": N_("Signed in on a new device"),
}

# What of a line stands in the other columns: what happened, who, from where.
REPEATED = re.compile(
    r"^[^:,]*(, too many tries,?)?(: )?|( of| by| to|,)? ?\b(User|Contact) \d+(?= from| on |$)"
    r"| ?\bfrom \S*$"
)


def listing():
    """The entries, narrowed by the query string, the latest first."""
    rows = sees().access_entries()
    for value, column in (
        (query_text("kind"), AccessEntry.kind),
        (query_text("address"), AccessEntry.address),
        (f"User {query_id('who')}" if query_id("who") else "", AccessEntry.person),
    ):
        rows = rows.where(column == value) if value else rows
    if query_day("since"):
        rows = rows.where(AccessEntry.last_at >= begin_of_day(query_day("since")))
    if query_day("until"):
        next_day = query_day("until") + dt.timedelta(days=1)
        rows = rows.where(AccessEntry.last_at < begin_of_day(next_day))
    return Listing("access", rows, {"id": (AccessEntry.id, "int")}, "-id")


class Told:
    """What the entries of a page say, with the events and names they need, read once for all."""

    def __init__(self, rows):
        rows = list(rows)
        ids = [row.journal_id for row in rows if row.journal_id]
        self.events = {e.id: e for e in sees().events().where(Event.id.in_(ids))}
        subjects = [f"{e.subject_type} {e.subject_id}" for e in self.events.values()]
        named = [name.split() for name in {*subjects, *(row.person for row in rows)} if name]
        users = [int(ident) for kind, ident in named if kind == "User"]
        self.names = {f"User {u.id}": u.name for u in sees().people().where(User.id.in_(users))}

    def what(self, row):
        event = self.events.get(row.journal_id)
        return events.told(event)[0] if event else _(LINES.get(row.what, row.what))

    def who(self, row):
        event = self.events.get(row.journal_id)
        return events.actor(event) if event else self._name(row.person)

    def details(self, row):
        """Whom an event is about and what changed, or what else the line of the log tells."""
        event = self.events.get(row.journal_id)
        if not event:
            return REPEATED.sub("", row.told)
        about = f"{event.subject_type} {event.subject_id}"
        changed = changes.as_text(event)
        whom = self._name(about) if changed or about != row.person else ""
        return labels.headed(whom, changed) if changed else whom

    def _name(self, person):
        kind, _blank, ident = person.partition(" ")
        return self.names.get(person) or (f"{thing_name(kind)} #{ident}" if ident else "")


@bp.get("/")
@can("see_journal")
def index():
    shown = listing()
    return render_template(
        "staff/access/index.html",
        listing=shown,
        told=Told(shown.rows),
        chosen=request.args,
        kinds=KIND_NAMES,
        kind_name=lambda kind: _(KIND_NAMES[kind]),
        people={str(u.id): u.name for u in sees().people().order_by(User.name)},
    )


@bp.get("/export.<any(csv,xlsx):form>")
@can("see_journal")
def export(form):
    heads = [_("Number"), _("When"), _("Last time"), _("How often"), _("Kind"), _("Who")]
    return listing().as_file(
        form,
        [*heads, _("Action"), _("Details"), _("Address")],
        lambda row, told: [
            row.id,
            f"{local(row.at):%Y-%m-%d %H:%M:%S}",
            f"{local(row.last_at):%Y-%m-%d %H:%M:%S}",
            row.times,
            _(KIND_NAMES[row.kind]),
            told.who(row),
            told.what(row),
            told.details(row),
            row.address,
        ],
        lambda rows: dict.fromkeys([row.id for row in rows], Told(rows)),
    )


@bp.post("/sign-out")
@can("manage_people")
@idempotent
def sign_everybody_out():
    User.sign_everybody_out(person())
    return redirect(url_for("auth.sign_in"), 303)
