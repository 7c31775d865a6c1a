"""Payment reminders: sent letters, and a run by hand."""
import io

from flask import Blueprint, current_app, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_login import current_user

from models import blobs, dunning, exports
from models.customers import Customer
from models.dunning import Reminder
from views.helpers import audience, find, flash_ok, once
from views.lists import Listing, between, typed

bp = Blueprint("reminders", __name__, url_prefix="/reminders")


def listing():
    """The letters one sees, narrowed and sorted by the query string."""
    q, rows = typed("q"), current_user.reminders().select(Reminder, Customer).join(Customer)
    if q:
        rows = rows.where(Reminder.number.contains(q) | Customer.name.contains(q))
    return Listing("reminders", between(rows, Reminder.day),
                   {"id": (Reminder.id, "int"), "number": (Reminder.number, "text"), "customer": (Customer.name, "text"),
                    "date": (Reminder.day, "day"), "total": (Reminder.total, "int")}, "-id")


@bp.get("/")
@audience("staff")
def index():
    return render_template("staff/reminders/index.html", listing=listing(), chosen=request.args)


@bp.get("/export.<any(csv,xlsx):form>")
@audience("staff")
def export(form):
    return listing().as_file(form, [_("Number"), _("Customer"), _("Date"), _("Currency"), _("Open")], lambda r: [
        r.number, r.customer.name, r.day, r.currency, exports.amount(r.total, r.currency)])


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
