"""Payment reminders: sent letters, and a run by hand."""
import io

from flask import Blueprint, current_app, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from flask_login import current_user

from models import blobs, dunning
from models.dunning import Reminder
from views.helpers import audience, find, flash_ok, once

bp = Blueprint("reminders", __name__, url_prefix="/reminders")


@bp.get("/")
@audience("staff")
def index():
    rows = list(current_user.reminders().order_by(Reminder.id.desc()).limit(200))
    return render_template("staff/reminders/index.html", rows=rows)


@bp.post("/run")
@audience("finance")
@once
def run():
    made = dunning.run_due(current_app.config["BASE_URL"])
    flash_ok(_("%(n)s reminders made.", n=len(made)))
    return redirect(url_for("reminders.index"), 303)


@bp.get("/<int:id>/pdf")
@audience("staff")
def pdf(id):
    letter = find(current_user.reminders(), id)
    return send_file(io.BytesIO(blobs.fetch(letter.paper)), mimetype="application/pdf", download_name=f"{letter.number}.pdf")
