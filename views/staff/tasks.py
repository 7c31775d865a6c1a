"""The approver's inbox, one task with all that is needed to decide, and statistics of time."""

import datetime as dt

from flask import g, render_template

from models.approvals import ApprovalRequest, Task
from models.approvals.decided import decisions, own_requests, under_way
from models.approvals.statistics import statistics
from models.core.clock import now
from models.documents.difference import difference
from models.people import User
from models.receivables.unusual import unusual
from views.staff.archive import class_name
from views.web.auth import can, staff_only
from views.web.blueprints import StaffBlueprint
from views.web.fields import query_text
from views.web.layout import glanced, open_tasks
from views.web.scope import get_or_404, person, sees
from views.web.sheets import Sheets

bp = StaffBlueprint("tasks", __name__, url_prefix="/tasks", menu="tasks", help="04-review")
MOST = 100  # as many as one approval of many takes


@bp.get("/")
@staff_only
def index():
    """What waits for this person with what is unusual about it, what they submitted, what they
    decided; each a tab that reads its own."""
    tab = query_text("tab")
    tab = tab if tab in TABS else "waiting"
    return render_template(
        "staff/tasks/index.html",
        tab=tab,
        moment_now=now(),
        waiting_count=glanced().tasks,
        submitted_count=own_requests(person()).count(),
        **TABS[tab](),
    )


def _waiting():
    rows = list(open_tasks().limit(MOST))
    return {
        "rows": rows,
        "unusual": _unusual(rows),
    }


def _unusual(tasks):
    return unusual([task.request for task in tasks], person().may("see_figures"))


def _decided():
    own_tasks = sees().tasks()
    decided = ("approved", "passed", "rejected", "returned", "handed_over")
    done = Task.shown(own_tasks.where(Task.state.in_(decided))).order_by(Task.decided_at.desc())
    copies = Task.shown(own_tasks.where(Task.kind == "copy")).order_by(Task.id.desc())
    return {"done": list(done.limit(20)), "copies": list(copies.limit(10))}


TABS = {
    "waiting": _waiting,
    "submitted": lambda: {"rows": under_way(person())},
    "decided": _decided,
}


@bp.get("/count")
@staff_only
def count():
    """The number beside the inbox in every menu of the page, asked for now and then."""
    g.nav = []  # the piece has no menu, and every open page requests it twice a minute
    return render_template("staff/tasks/_count.html", count=glanced().tasks, oob=True)


@bp.get("/<int:id>")
@staff_only
def show(id):
    task = get_or_404(sees().tasks(), id)
    asked, document = task.request, task.request.subject
    before = ApprovalRequest.last_approved(document, before=asked.id)
    fields, lines = difference(before.said, asked.said) if before and asked.said else ([], [])
    items = [] if asked.document_id else document.ordered_items()
    own = (asked.submitter_id, document.owner_id)
    people = [
        u
        for u in User.select(User.id, User.name).where(User.active).order_by(User.name)
        if u.id not in (*own, person().id)
    ]
    return render_template(
        "staff/tasks/show.html",
        task=task,
        odd=_unusual([task]).get(asked.id) if task.state == "open" else None,
        moment_now=now(),
        asked=asked,
        document=document,
        sheets=Sheets(document, ("documents", document.id)) if asked.document_id else None,
        items=items,
        class_name=class_name,
        events=list(asked.events),
        decisions=decisions(document),
        before=before,
        fields=fields,
        lines=lines,
        path=asked.path(),
        people=people,
        comments=list(asked.comments),
    )


@bp.get("/statistics")
@can("see_figures")
def figures():
    requests = None if person().sees_all else sees().requests()
    found = statistics(now() - dt.timedelta(days=90), requests)
    return render_template("staff/tasks/statistics.html", **found)
