"""Today: what waits for this person."""
from flask import Blueprint, redirect, render_template, url_for
from flask_login import current_user

from models.base import today
from models.documents import Document
from models.lease import Lease
from models.outbox import Mail
from views.helpers import audience, find, open_tasks

bp = Blueprint("home", __name__)


@bp.get("/")
@audience("staff")
def index():
    mine = current_user.documents()
    overdue = Document.by_money(mine, "overdue").order_by(Document.due_on)
    return render_template(
        "staff/home/index.html", tasks=open_tasks(), overdue=list(overdue.limit(15)), overdue_count=overdue.count(), day=today(),
        drafts=list(mine.where(Document.state.in_(("draft", "returned")), Document.owner == current_user.id)
                    .order_by(Document.id.desc()).limit(15)),
        ready=list(mine.where(Document.state == "approved").order_by(Document.id.desc()).limit(15)),
        recent=list(mine.where(Document.state.in_(("issued", "archived"))).order_by(Document.id.desc()).limit(8)),
        failed=list(Mail.failed().limit(10)) if current_user.sees_all else [], troubles=list(Lease.troubles()))


@bp.post("/mails/<int:id>/retry")
@audience("admin", "finance")
def retry(id):
    Mail.retry(find(Mail.failed(), id))
    return redirect(url_for("home.index"), 303)
