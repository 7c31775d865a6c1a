"""Payment reminders as the customer sees them."""

from flask import current_app, render_template

from models.core import filenames
from models.dunning import Reminder
from models.receivables import due_dates
from views.web.auth import contacts_only
from views.web.blueprints import PortalBlueprint
from views.web.downloads import send_data
from views.web.pages import calendar_file
from views.web.scope import get_or_404, sees

bp = PortalBlueprint(
    "portal_reminders", __name__, url_prefix="/portal/reminders", menu="portal_reminders"
)


@bp.get("/")
@contacts_only
def index():
    return render_template(
        "portal/reminders/index.html",
        rows=list(sees().reminders().order_by(Reminder.id.desc())),
    )


@bp.get("/<int:id>/pdf")
@contacts_only
def pdf(id):
    reminder = get_or_404(sees().reminders(), id)
    return send_data(
        reminder.pdf_bytes(),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=filenames.pdf_of(reminder.number),
    )


@bp.get("/due.ics")
@contacts_only
def due_calendar():
    """The due dates of the open invoices, for a calendar."""
    return calendar_file(
        due_dates.calendar_of(
            sees().documents(), current_app.config["BASE_URL"] + "/portal/documents/"
        )
    )
