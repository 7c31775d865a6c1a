"""What happens when a step is late, as its flow says."""

from models.approvals.step import full
from models.approvals.task import Task
from models.core.clock import now
from models.core.database import db
from models.core.errors import Refused, refuse
from models.people import User


def run_late():
    """Do what each late step's flow says, once per task; one that fails leaves the others."""
    done = []
    for task in list(
        Task.select()
        .where(Task.state == "open", Task.due_at <= now(), Task.late_at.is_null())
        .order_by(Task.id)
    ):
        try:
            with db.atomic():
                hit = (
                    Task.update(late_at=now())
                    .where(Task.id == task.id, Task.late_at.is_null(), Task.state == "open")
                    .execute()
                )
                if hit:
                    done.append((task, _late(Task.get_by_id(task.id))))
        except Refused:
            with db.atomic():
                Task.update(late_at=now()).where(Task.id == task.id).execute()
                task.notify("task_late", f"late-{task.id}")
    return done


def _late(task):
    step = full(task.request.plan[task.step - 1])
    how, request = step["late"], task.request
    if how == "pass":
        request.fresh().content_hash() == request.content_approved or refuse("content_changed")
        task.move("open", to="passed", decided_at=now())
        request.record("step_approved", None, step=task.step, task=task.id, because="time_limit")
        task._go_on(None)
    elif how in ("hand_over", "escalate"):
        to = (
            User.get_or_none(User.id == step["late_to"])
            if how == "hand_over"
            else task.user.superior
        )
        to or refuse("no_approver", role="superior")
        task._give(None, to, "", "escalated" if how == "escalate" else "handed_over")
    else:
        task.notify("task_late", f"late-{task.id}")
        request.record("reminded", None, step=task.step, asked=[task.user.name])
    return how
