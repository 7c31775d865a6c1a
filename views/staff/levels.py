"""The levels of reminding, and when a run starts by itself."""

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from models.company import Company
from models.core.errors import Refused
from models.dunning import ReminderLevel
from views.forms import Form, ScaledField, WholeField, clean
from views.refusals import sentence, status
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_choice
from views.web.idempotency import idempotent
from views.web.pages import flash_ok
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "levels", __name__, url_prefix="/reminders/levels", menu="reminders", help="08-reminders"
)
TITLE, TEXT = (
    Length(max=60, message=_l("This is too long.")),
    Length(max=2000, message=_l("This is too long.")),
)


class LevelForm(Form):
    IN_CHINESE = ("title_zh", "text_zh")
    days = WholeField(
        _l("Days from the due date"),
        [InputRequired()],
        description=_l("−3 = three days before, 7 = seven days after"),
    )
    interest = ScaledField(
        _l("Interest in percent a year"),
        least=0,
        most=3600,
        empty=0,
        description=_l(
            "On each overdue amount per day overdue, actual days / 365; leave empty for none"
        ),
    )
    title_zh = StringField(_l("Title in Chinese"), [InputRequired(), TITLE, clean])
    title_en = StringField(_l("Title in English"), [InputRequired(), TITLE, clean])
    text_zh = TextAreaField(_l("Text in Chinese"), [InputRequired(), TEXT, clean])
    text_en = TextAreaField(
        _l("Text in English"),
        [InputRequired(), TEXT, clean],
        description=_l("{customer}, {firm}, {total}, {currency} and {date} are filled in"),
    )
    copy_owner = BooleanField(_l("A copy to the customer's salesperson"))
    active = BooleanField(_l("Active"), default=True)


@bp.get("/")
@can("set_levels")
def index():
    return render_template(
        "staff/levels/index.html",
        rows=list(sees().levels().order_by(ReminderLevel.days)),
        firm=Company.current(),
    )


@bp.route("/new", methods=["GET", "POST"])
@can("set_levels")
def new():
    return _form(None)


@bp.route("/<int:id>/edit", methods=["GET", "POST"])
@can("set_levels")
def edit(id):
    return _form(get_or_404(sees().levels(), id))


def _form(level):
    form, problem = LevelForm.of(level), ""
    code = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            if level:
                level.revise(person(), **form.changes())
            else:
                ReminderLevel.enter(person(), **form.changes())
            flash_ok(_("Saved."))
            return redirect(url_for("levels.index"), 303)
        except Refused as error:
            problem, code = sentence(error), status(error)
    return make_response(
        render_template("staff/levels/edit.html", form=form, level=level, problem=problem), code
    )


@bp.post("/clock")
@can("configure")
@idempotent
def clock():
    """Whether letters go out by themselves and from which hour on, and whether staff get the weekly
    digest."""
    hour = form_choice("hour", [str(hour) for hour in range(24)])
    Company.current().revise(
        person(),
        settings={
            "reminders_automatic": bool(request.form.get("automatic")),
            "reminder_hour": int(hour),
            "weekly_digest": bool(request.form.get("digest")),
        },
    )
    flash_ok(_("Saved."))
    return redirect(url_for("levels.index"), 303)
