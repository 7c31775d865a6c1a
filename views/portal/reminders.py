"""Payment reminders as the customer sees them."""
import io

from flask import Blueprint, render_template, send_file
from flask_login import current_user

from models import blobs
from models.dunning import Reminder
from views.helpers import audience, find

bp = Blueprint("portal_reminders", __name__, url_prefix="/portal/reminders")


@bp.get("/")
@audience("contact")
def index():
    return render_template("portal/reminders/index.html", rows=list(current_user.reminders().order_by(Reminder.id.desc())))


@bp.get("/<int:id>/pdf")
@audience("contact")
def pdf(id):
    letter = find(current_user.reminders(), id)
    return send_file(io.BytesIO(blobs.fetch(letter.paper)), mimetype="application/pdf", as_attachment=True,
                     download_name=f"{letter.number}.pdf")
