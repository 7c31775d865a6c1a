"""What an approver does with a task: yes, no, back, to another, ask another; and many at once."""

from flask import redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext

from models.approvals import Task
from models.core.errors import Forbidden, Refused, refuse
from models.core.money import format_money
from models.people import User
from views.refusals import sentence
from views.web.addresses import safe_next_url
from views.web.auth import staff_only
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_choice, form_id, form_ids, form_text
from views.web.idempotency import idempotent
from views.web.labels import asked_for, headed
from views.web.pages import flash_no, flash_ok
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint("decisions", __name__, url_prefix="/tasks", menu="tasks", help="04-review")
MOST = 100


def _decided(text):
    """Back to where it was decided: the inbox, or the list that had the act on its row."""
    flash_ok(text)
    return redirect(safe_next_url(request.form.get("next") or url_for("tasks.index")), 303)


def _person():
    """The colleague chosen, or a refusal."""
    return User.colleague(form_id("person")) or refuse("no_such_person")


@bp.post("/<int:id>/approval")
@staff_only
@idempotent
def approve(id):
    task = get_or_404(sees().tasks(), id)
    task.approve(by=person(), note=form_text("note", 1000))
    return _decided(_("%(what)s approved.", what=_named(task)))


@bp.post("/<int:id>/rejection")
@staff_only
@idempotent
def reject(id):
    get_or_404(sees().tasks(), id).reject(by=person(), note=form_text("note", 1000))
    return _decided(_("Rejected."))


@bp.post("/<int:id>/return")
@staff_only
@idempotent
def send_back(id):
    task, step = get_or_404(sees().tasks(), id), form_id("step")
    step or request.form.get("step") == "0" or refuse("step_not_earlier")
    task.return_to(by=person(), step=step, note=form_text("note", 1000))
    return _decided(_("Returned."))


@bp.post("/<int:id>/hand-over")
@staff_only
@idempotent
def hand_over(id):
    task = get_or_404(sees().tasks(), id)
    task.hand_over(by=person(), to=_person(), note=form_text("note", 1000))
    return _decided(_("Reassigned."))


@bp.post("/<int:id>/asking")
@staff_only
@idempotent
def ask(id):
    task, other, note = get_or_404(sees().tasks(), id), _person(), form_text("note", 1000)
    when = form_choice("when", ("before", "after"))
    (task.ask_before if when == "before" else task.ask_after)(by=person(), person=other, note=note)
    return _decided(_("Approver added."))


@bp.post("/approvals")
@staff_only
@idempotent
def many():
    """Approve each of the chosen; every outcome is shown."""
    ids = form_ids("ids", MOST)
    rows = list(Task.shown(sees().tasks().where(Task.id.in_(ids or [0]))).order_by(Task.id))
    rows or refuse("nothing_chosen")
    outcomes = []
    for task in rows:
        try:
            task.approve(by=person())
            outcomes.append((task, ""))
        except (Refused, Forbidden) as error:
            outcomes.append(
                (
                    task,
                    sentence(error)
                    if isinstance(error, Refused)
                    else _("You can view this, but you can't change it."),
                )
            )
    done = [_named(task) for task, reason in outcomes if not reason]
    for task, reason in outcomes:
        if reason:
            flash_no(headed(_named(task), reason))
    if done:
        flash_ok(_("%(n)s approved.", n=len(done)) + " " + pgettext("list", "; ").join(done))
    return redirect(url_for("tasks.index"), 303)


def _named(task):
    document = task.request.subject
    return asked_for(document) + (
        ""
        if document.total is None
        else f" {format_money(document.total, document.currency)} {document.currency}"
    )
