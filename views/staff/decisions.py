"""Yes or no to a task."""
from flask import Blueprint, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user

from views.forms import said
from views.helpers import audience, find, flash_ok, once

bp = Blueprint("decisions", __name__, url_prefix="/tasks/<int:id>")


@bp.post("/approval")
@audience("staff")
@once
def approve(id):
    find(current_user.tasks(), id).approve(by=current_user, note=said("note", 1000))
    flash_ok(_("Approved."))
    return redirect(url_for("tasks.index"), 303)


@bp.post("/rejection")
@audience("staff")
@once
def reject(id):
    find(current_user.tasks(), id).reject(by=current_user, note=said("note", 1000))
    flash_ok(_("Sent back with your reason."))
    return redirect(url_for("tasks.index"), 303)
