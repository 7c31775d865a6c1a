"""What is done when a step is late, as its flow defines."""

from models.approvals.step import with_defaults
from models.approvals.task import Task
from models.core.clock import now
from models.core.database import db
from models.core.errors import Refused, refuse
from models.people import User


def run_late():
    """Do what the flow defines for each late task, once per task; a refused one stops no other."""
    done = []
    for task in list(
        Task.select()
        .where(Task.state == "open", Task.due_at <= now(), Task.late_at.is_null())
        .order_by(Task.id)
    ):
        try:
            with db.atomic():
                updated = (
                    Task.update(late_at=now())
                    .where(Task.id == task.id, Task.late_at.is_null(), Task.state == "open")
                    .execute()
                )
                if updated:
                    done.append((task, _apply(Task.get_by_id(task.id))))
        except Refused:
            with db.atomic():
                Task.update(late_at=now()).where(Task.id == task.id).execute()
                task.notify("task_late", f"late-{task.id}")
    return done


def _apply(task):
    step = with_defaults(task.request.plan[task.step - 1])
    action, request = step["late"], task.request
    if action == "pass":
        request.fresh().content_hash() == request.content_approved or refuse("content_changed")
        task.move("open", to="passed", decided_at=now())
        request.record("step_approved", None, step=task.step, task=task.id, because="time_limit")
        task._advance(None)
    elif action in ("hand_over", "escalate"):
        to = (
            User.get_or_none(User.id == step["late_to"])
            if action == "hand_over"
            else task.user.superior
        )
        to or refuse("no_approver", role="superior")
        task._reassign(None, to, "", "escalated" if action == "escalate" else "handed_over")
    else:
        task.notify("task_late", f"late-{task.id}")
        request.record("reminded", None, step=task.step, asked=[task.user.name])
    return action
