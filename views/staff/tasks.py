"""The approver's inbox."""
from flask import Blueprint, render_template
from flask_login import current_user

from models.approvals import Task
from views.helpers import audience, find, open_tasks

bp = Blueprint("tasks", __name__, url_prefix="/tasks")


@bp.get("/")
@audience("staff")
def index():
    done = current_user.tasks().where(Task.state.in_(("approved", "rejected"))).order_by(Task.decided_at.desc()).limit(20)
    return render_template("staff/tasks/index.html", rows=open_tasks(), done=list(done))


@bp.get("/<int:id>")
@audience("staff")
def show(id):
    task = find(current_user.tasks(), id)
    document = task.request.document
    return render_template("staff/tasks/show.html", task=task, document=document, paper=document.freeze(),
                           events=list(task.request.events))
