"""Follow-ups: mine and my customers', as a list, a month and a calendar feed."""

import calendar as months
import datetime as dt

from flask import (
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp

from models.care import CalendarFeed, FollowUp
from models.care.contact_plan import ics
from models.core.clock import today
from models.core.errors import Refused, refuse
from models.customers import Customer
from models.people import User, named
from views.forms import DayField, Form, RowField, clean, options
from views.lists import Listing, between
from views.refusals import sentence
from views.staff.customer_choice import MOST, offered
from views.web.auth import can, must_be_inside, public, staff_only
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_choice, form_id, form_text, query_id, query_month, query_text
from views.web.idempotency import idempotent
from views.web.labels import state_name
from views.web.pages import flash_ok
from views.web.scope import get_customer, get_or_404, person, sees

bp = StaffBlueprint(
    "follow_ups", __name__, url_prefix="/follow-ups", menu="follow_ups", help="13-care"
)
KINDS = (("task", _l("Task")), ("call", _l("Call")), ("visit", _l("Visit")))
STATES = ("open", "done", "dropped")
LONG = Length(max=4000, message=_l("This is too long."))


class FollowUpForm(Form):
    customer = RowField(_l("Customer"), [DataRequired()])
    kind = SelectField(_l("Type"), choices=options(KINDS))
    what = StringField(
        _l("What to do"),
        [InputRequired(), Length(max=200, message=_l("This is too long.")), clean],
    )
    due_on = DayField(_l("Due date"), [InputRequired()])
    hour = StringField(
        _l("Time"),
        [Optional(), Regexp(r"([01]\d|2[0-3]):[0-5]\d\Z", message=_l("Enter the time as 14:30."))],
        description=_l("Only when it has one, such as 14:30"),
    )
    owner = SelectField(_l("Assigned to"), coerce=int)
    note = TextAreaField(_l("Note"), [LONG, clean])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        customers = offered(active=True, chosen=request.values.get("customer"))
        self.customer.offer(customers)
        if len(customers) >= MOST:
            asked = url_for("customer_choice.index", active=1, q="")
            self.customer.render_kw = {"data-asks": asked}
        self.owner.choices = options([(0, _("the customer's salesperson"))] + colleagues())


def colleagues():
    return [
        (u.id, u.name)
        for u in User.select(User.id, User.name).where(User.active).order_by(User.name)
    ]


class PostponeForm(Form):
    day = DayField(_l("To date"), [InputRequired()])


def listing():
    """The follow-ups one sees, narrowed by the query string; open ones when nothing is said."""
    q, state = query_text("q"), query_text("state") or "open"
    rows = (
        sees()
        .follow_ups()
        .select(FollowUp, Customer, User)
        .join(Customer)
        .switch(FollowUp)
        .join(User)
    )
    if q:
        rows = rows.where(FollowUp.what.contains(q) | Customer.name.contains(q))
    if state in STATES:
        rows = rows.where(FollowUp.state == state)
    if query_text("whose") == "mine":
        rows = rows.where(FollowUp.owner == person().id)
    if query_id("customer"):
        rows = rows.where(FollowUp.customer.in_(Customer.group_of(query_id("customer"))))
    return Listing(
        "follow_ups",
        between(rows, FollowUp.due_on),
        {
            "due": (FollowUp.due_on, "day"),
            "customer": (Customer.name, "text"),
            "owner": (User.name, "text"),
        },
        "due",
    )


@bp.get("/")
@staff_only
def index():
    return render_template(
        "staff/follow_ups/index.html",
        listing=listing(),
        chosen=request.args,
        states=STATES,
        day=today(),
        kind_names=dict(KINDS),
    )


@bp.get("/export.<any(csv,xlsx):form>")
@staff_only
def export(form):
    heads = [
        _("Due date"),
        _("Time"),
        _("Customer"),
        _("Type"),
        _("What to do"),
        _("Assigned to"),
        _("State"),
        _("Outcome"),
    ]
    return listing().as_file(
        form,
        heads,
        lambda r: [
            r.due_on,
            r.hour,
            r.customer.name,
            str(dict(KINDS)[r.kind]),
            r.what,
            r.owner.name,
            state_name(r.state),
            r.outcome,
        ],
    )


@bp.get("/month")
@staff_only
def month():
    """One month as a sheet, weeks from Monday."""
    first = query_month("month") or today().replace(day=1)
    weeks = months.Calendar().monthdatescalendar(first.year, first.month)
    rows = (
        sees()
        .follow_ups()
        .where(FollowUp.due_on.between(weeks[0][0], weeks[-1][-1]), FollowUp.state != "dropped")
    )
    rows = rows.where(FollowUp.owner == person().id) if query_text("whose") == "mine" else rows
    by_day = {}
    for row in rows.order_by(FollowUp.hour, FollowUp.id).limit(2000):
        by_day.setdefault(row.due_on, []).append(row)
    return render_template(
        "staff/follow_ups/month.html",
        weeks=weeks,
        by_day=by_day,
        first=first,
        day=today(),
        chosen=request.args,
        before=first - dt.timedelta(days=1),
        after=weeks[-1][-1] + dt.timedelta(days=7 if weeks[-1][-1].month == first.month else 0),
    )


@bp.route("/new", methods=["GET", "POST"])
@can("care")
def new():
    form, problem = (
        FollowUpForm(
            data={
                "customer": query_id("customer"),
                "due_on": today() + dt.timedelta(days=1),
                "owner": person().id,
            }
        ),
        "",
    )
    if form.validate_on_submit():
        try:
            row = FollowUp.plan(
                person(),
                get_customer(form.customer.data),
                form.what.data,
                form.due_on.data,
                owner=User.colleague(form.owner.data),
                kind=form.kind.data,
                hour=form.hour.data or "",
                note=form.note.data,
            )
            return redirect(url_for(".show", id=row.id), 303)
        except Refused as error:
            problem = sentence(error)
    return make_response(
        render_template("staff/follow_ups/new.html", form=form, problem=problem),
        422 if form.is_submitted() else 200,
    )


@bp.get("/<int:id>")
@staff_only
def show(id):
    return _page(get_or_404(sees().follow_ups(), id), PostponeForm(formdata=None))


def _page(row, postpone, status=200):
    return make_response(
        render_template(
            "staff/follow_ups/show.html",
            may_act=row.state == "open" and person().may("care"),
            row=row,
            postpone=postpone,
            events=list(row.events),
            people=colleagues(),
            kind_names=dict(KINDS),
        ),
        status,
    )


@bp.post("/<int:id>/outcome")
@can("care")
@idempotent
def done(id):
    """It is done, or need not be done."""
    row, act, note = (
        get_or_404(sees().follow_ups(), id),
        form_choice("act", ("done", "drop")),
        form_text("note", 4000),
    )
    (row.done if act == "done" else row.drop)(person(), note)
    flash_ok(_("Saved."))
    return redirect(url_for(".show", id=id), 303)


@bp.post("/<int:id>/postponement")
@can("care")
@idempotent
def postpone(id):
    row, form = get_or_404(sees().follow_ups(), id), PostponeForm()
    if form.validate():
        try:
            row.postpone(person(), form.day.data)
            return redirect(url_for(".show", id=id), 303)
        except Refused as error:
            form.day.errors = [sentence(error)]
    return _page(row, form, 422)


@bp.post("/<int:id>/owner")
@can("care")
@idempotent
def hand_over(id):
    row = get_or_404(sees().follow_ups(), id)
    row.hand_over(
        person(),
        User.colleague(form_id("person")) or refuse("no_such_person"),
    )
    return redirect(url_for(".index"), 303)


@bp.get("/feed")
@staff_only
def feed():
    """How a calendar program reads the own follow-ups."""
    return _feed_page()


def _feed_page(secret=""):
    return render_template(
        "staff/follow_ups/feed.html",
        feed=CalendarFeed.of(person()),
        address=current_app.config["BASE_URL"] + url_for(".read_feed"),
        secret=secret,
    )


@bp.post("/feed")
@staff_only
def make_feed():
    """A new password for the calendar program, shown this once; an older one ends."""
    return _feed_page(CalendarFeed.make(person()))


@bp.post("/feed/end")
@staff_only
def end_feed():
    CalendarFeed.end(person())
    return redirect(url_for(".feed"), 303)


@bp.get("/feed/<old>.ics")
@public
def old_feed(old):
    """The address of earlier versions, which held the password."""
    return redirect(url_for(".read_feed"), 301)


@bp.get("/feed.ics")
@public
def read_feed():
    """For a calendar program, which sends the password in a header (RFC 7617): an address is kept
    in logs."""
    sent = request.authorization
    person = CalendarFeed.person((sent.password or "")[:100]) if sent else None
    if person is None:
        return Response(status=401, headers={"WWW-Authenticate": 'Basic realm="Danju"'})
    must_be_inside(named(person))
    return Response(
        ics(person, current_app.config["BASE_URL"]), mimetype="text/calendar; charset=utf-8"
    )
