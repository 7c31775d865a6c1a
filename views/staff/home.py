"""Today: what waits for this person."""

import datetime as dt

from flask import redirect, render_template, url_for

from models.adapters.outbox import Mail
from models.care import FollowUp
from models.core.clock import now, today
from models.core.lease import Lease
from models.customers import Customer
from models.disputes import Dispute
from models.documents import Document
from models.governance import Finding
from models.operations import first_steps
from models.operations.backup import Place, keys, post_restore, snapshot
from models.receivables.balance import count_overdue, overdue
from views.web.auth import can, staff_only
from views.web.blueprints import StaffBlueprint
from views.web.layout import waiting
from views.web.scope import get_or_404, person, sees

LATELY = dt.timedelta(days=7)

bp = StaffBlueprint("home", __name__, menu="home", help="01-overview")


@bp.get("/")
@staff_only
def index():
    mine = sees().documents().select(Document, Customer).join(Customer)
    drafts = mine.where(
        Document.state.in_(("draft", "returned")), Document.owner == person().id
    ).order_by(Document.id.desc())
    ready = mine.where(Document.state == "approved").order_by(Document.id.desc())
    recent = mine.where(Document.state.in_(("issued", "archived"))).order_by(Document.id.desc())
    confirmed = mine.where(
        Document.owner == person().id, Document.confirmed_at >= now() - LATELY
    ).order_by(Document.confirmed_at.desc())
    shown = {
        "tasks": waiting()["tasks.index"],
        "drafts": list(drafts.limit(15)),
        "ready": list(ready.limit(15)),
        "confirmed": list(confirmed.limit(15)),
        "recent": list(recent.limit(8)),
        "to_witness": list(sees().lists_to_witness()),
    }
    steps = first_steps.shown_to(person())
    return render_template(
        "staff/home/index.html",
        steps=steps,
        steps_done=sum(step.done for step in steps),
        steps_needed=sum(step.needed and not step.done for step in steps),
        next_step=next((step.key for step in steps if not step.done), ""),
        idle=not any(shown.values()),
        late=list(overdue(mine).limit(15)),
        overdue_count=count_overdue(sees().documents()),
        day=today(),
        drafts_count=drafts.count(),
        ready_count=ready.count(),
        follow_ups=sees()
        .follow_ups()
        .where(FollowUp.owner == person().id, FollowUp.state == "open", FollowUp.due_on <= today())
        .count(),
        findings=sees()
        .findings()
        .where(Finding.owner == person().id, Finding.state == "open")
        .count(),
        disputes=sees()
        .disputes()
        .where(Dispute.owner == person().id, Dispute.state.in_(("open", "mediation")))
        .count(),
        unreached=list(
            sees()
            .findings()
            .where(Finding.rule == "reminder_without_address", Finding.state == "open")
            .order_by(Finding.id)
            .limit(10)
        ),
        failed=list(Mail.failed().limit(10)) if person().may("retry_mail") else [],
        troubles=list(Lease.troubles()),
        stopped=person().may("back_up") and not Lease.running("scheduler"),
        restored=_restored(),
        resting=post_restore.paused_after_restore(),
        **shown,
        **_backups(),
    )


def _restored():
    """What everybody must know after a restore, until it is caught up with."""
    event = post_restore.pending()
    return event and {
        "until": post_restore.last_act(event),
        "next": post_restore.next_numbers() if event.facts["missing"] is None else [],
        **event.facts,
    }


def _backups():
    """What an administrator must know of the backups."""
    if not person().may("back_up"):
        return {"worries": [], "proof": None, "unprinted": False}
    key = keys.load(snapshot.folder())
    return {
        "worries": Place.problems(),
        "proof": Place.last_proof(),
        "unprinted": bool(key) and not keys.printed(snapshot.folder()),
    }


@bp.post("/mails/<int:id>/retry")
@can("retry_mail")
def retry(id):
    Mail.retry(get_or_404(Mail.failed(), id))
    return redirect(url_for("home.index"), 303)


@bp.post("/caught-up")
@can("back_up")
def catch_up():
    post_restore.catch_up(person())
    return redirect(url_for("home.index"), 303)


@bp.post("/alone")
@can("back_up")
def take_over():
    post_restore.take_over(person())
    return redirect(url_for("home.index"), 303)


@bp.post("/first-steps")
@can("configure")
def put_steps_away():
    first_steps.put_away(person())
    return redirect(url_for("home.index"), 303)
