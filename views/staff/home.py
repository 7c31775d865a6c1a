"""Today: what waits for this person."""

from flask import redirect, render_template, request, url_for

from models.adapters.outbox import Mail
from models.core.clock import now, today
from models.operations import first_steps
from models.operations.backup import Place, keys, post_restore, snapshot
from models.operations.news import news
from views.figures.month import MonthMoney
from views.staff.work import Work
from views.web.auth import can, staff_only
from views.web.blueprints import StaffBlueprint
from views.web.firm import firm
from views.web.scope import get_or_404, person, sees

MOST_TOLD = 7

bp = StaffBlueprint("home", __name__, menu="home", help="01-overview")


@bp.get("/")
@staff_only
def index():
    steps = first_steps.shown_to(person(), firm())
    work = Work(person())
    pending, paused = post_restore.since_restore()
    return render_template(
        "staff/home/index.html",
        steps=steps,
        steps_done=sum(step.done for step in steps),
        steps_needed=sum(step.needed and not step.done for step in steps),
        next_step=next((step.key for step in steps if not step.done), ""),
        work=work,
        idle=work.idle,
        day=today(),
        moment_now=now(),
        told=news(sees(), MOST_TOLD),
        month=MonthMoney(person()) if request.args.get("month") else None,
        unreached=work.unreached,
        failed=work.failed,
        troubles=work.troubles,
        stopped=work.stopped,
        restored=pending and _restored(pending),
        factor_due=person().session.factor_due,
        resting=paused,
        **_backups(paused),
    )


@bp.get("/month")
@can("see_insights")
def month():
    """The money of this month, which need not keep the rest of Today waiting."""
    return render_template("staff/home/_month.html", month=MonthMoney(person()))


def _restored(event):
    """What everybody must know after a restore, until it is caught up with."""
    return {
        "until": post_restore.last_act(event),
        "next": post_restore.next_numbers() if event.facts["missing"] is None else [],
        **event.facts,
    }


def _backups(paused):
    """What an administrator must know of the backups."""
    if not person().may("back_up"):
        return {"worries": [], "proof": None, "unprinted": False}
    key, places = keys.load(snapshot.folder()), list(Place.in_use())
    return {
        "worries": [] if paused else Place.problems_of(places),
        "proof": Place.last_proof(places),
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
