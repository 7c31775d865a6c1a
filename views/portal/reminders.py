"""Payment reminders as the customer sees them."""

import io

from flask import Blueprint, current_app, render_template, send_file
from flask_login import current_user

from models import blobs, ics
from models.dunning import Reminder
from views.helpers import audience, calendar_file, find

bp = Blueprint("portal_reminders", __name__, url_prefix="/portal/reminders")


@bp.get("/")
@audience("contact")
def index():
    return render_template(
        "portal/reminders/index.html",
        rows=list(current_user.reminders().order_by(Reminder.id.desc())),
    )


@bp.get("/<int:id>/pdf")
@audience("contact")
def pdf(id):
    letter = find(current_user.reminders(), id)
    return send_file(
        io.BytesIO(blobs.fetch(letter.paper)),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=f"{letter.number}.pdf",
    )


@bp.get("/due.ics")
@audience("contact")
def due_calendar():
    """The due dates of the open invoices, for a calendar."""
    return calendar_file(
        ics.due_dates(
            current_user.documents(), current_app.config["BASE_URL"] + "/portal/documents/"
        )
    )
