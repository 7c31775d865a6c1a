"""Feedback inbox, answers, and the NPS over time."""

import datetime as dt

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.care import Feedback, Survey
from models.care.feedback import KINDS, by_month, nps
from models.core.clock import today
from models.customers import Contact, Customer
from views.figures import charts
from views.lists import Listing
from views.web.auth import can, staff_only
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_text, query_text
from views.web.idempotency import idempotent
from views.web.labels import state_name
from views.web.pages import flash_ok
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint("feedback", __name__, url_prefix="/feedback", menu="feedback", help="13-care")
NAMES = {"praise": _l("Praise"), "idea": _l("Idea"), "complaint": _l("Complaint")}
STATES = ("open", "answered", "closed")


def listing():
    rows = sees().feedback_seen().select(Feedback, Contact, Customer).join(Contact).join(Customer)
    state = query_text("state") or "standing"
    if state in STATES:
        rows = rows.where(Feedback.state == state)
    elif state == "standing":
        rows = rows.where(Feedback.state != "closed")
    if query_text("kind") in KINDS:
        rows = rows.where(Feedback.kind == query_text("kind"))
    return Listing(
        "feedback", rows, {"id": (Feedback.id, "int"), "customer": (Customer.name, "text")}, "-id"
    )


@bp.get("/")
@staff_only
def index():
    return render_template(
        "staff/feedback/index.html",
        listing=listing(),
        chosen=request.args,
        states=STATES,
        kinds=KINDS,
        names=NAMES,
    )


@bp.get("/export.<any(csv,xlsx):form>")
@staff_only
def export(form):
    heads = [
        _("When"),
        _("Customer"),
        _("Contact"),
        _("Type"),
        _("Text"),
        _("Score"),
        _("State"),
        _("Answer"),
    ]
    return listing().as_file(
        form,
        heads,
        lambda f: [
            f.at.date(),
            f.customer.name,
            f.contact.name,
            str(NAMES[f.kind]),
            f.text,
            f.survey.score if f.survey else None,
            state_name(f.state),
            f.reply,
        ],
    )


class FeedbackPage:
    """What someone may do with what a customer said."""

    def __init__(self, row, person):
        self.row, self.person = row, person

    @property
    def may_answer(self):
        return self.row.state == "open" and self.person.may("care")

    @property
    def may_close(self):
        """A complaint is closed by who governs, and only once it is answered."""
        if self.row.kind == "complaint":
            return self.row.state == "answered" and self.person.may("govern")
        return self.row.state != "closed" and self.person.may("care")


@bp.get("/<int:id>")
@staff_only
def show(id):
    row = get_or_404(sees().feedback_seen(), id)
    return render_template(
        "staff/feedback/show.html",
        page=FeedbackPage(row, person()),
        row=row,
        names=NAMES,
        events=list(row.events),
    )


@bp.post("/<int:id>/answer")
@can("care")
@idempotent
def answer(id):
    get_or_404(sees().feedback_seen(), id).answer(person(), form_text("text", 4000))
    flash_ok(_("Reply queued for sending."))
    return redirect(url_for(".show", id=id), 303)


@bp.post("/<int:id>/closing")
@can("care")
@idempotent
def close(id):
    get_or_404(sees().feedback_seen(), id).close(person(), form_text("note", 2000))
    return redirect(url_for(".show", id=id), 303)


@bp.get("/nps")
@staff_only
def score():
    """NPS month by month, of the customers one sees."""
    seen = Survey.answered().join(Contact).where(Contact.customer.in_(sees().customer_ids()))
    asked = (
        Survey.select()
        .join(Contact)
        .where(
            Contact.customer.in_(sees().customer_ids()),
            Survey.asked_at > dt.datetime.combine(today() - dt.timedelta(days=365), dt.time()),
        )
        .count()
    )
    months = by_month(seen, today().replace(day=1))
    year = [
        s
        for (s,) in seen.where(
            Survey.answered_at > dt.datetime.combine(today() - dt.timedelta(days=365), dt.time())
        )
        .select(Survey.score)
        .tuples()
    ]
    chart = charts.columns(
        _("Promoters (9–10) minus detractors (0–6), in percent"),
        [f"{m:%y/%m}" for m, *_rest in months],
        [m[1] for m in months],
    )
    return render_template(
        "staff/feedback/nps.html",
        months=months,
        chart=chart if year else "",
        total=nps(year),
        answers=len(year),
        asked=asked,
        latest=list(seen.select(Survey, Contact).order_by(Survey.answered_at.desc()).limit(15)),
    )
