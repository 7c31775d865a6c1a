"""The firm's working calendar: holidays, make-up days, working hours."""

from flask import make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional

from models.approvals import SpecialDay
from models.approvals.deadline import special_days
from models.company import Company
from models.core.clock import today
from models.core.errors import refuse
from views.forms import SHORT, DayField, Form, WholeField, clean, options
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.fields import query_id
from views.web.idempotency import idempotent
from views.web.pages import flash_ok
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint("calendar", __name__, url_prefix="/calendar", menu="settings", help="04-review")


HOLIDAYS = {
    "New Year's Day": _l("New Year's Day"),
    "Spring Festival": _l("Spring Festival"),
    "Tomb-sweeping Day": _l("Tomb-sweeping Day"),
    "Labour Day": _l("Labour Day"),
    "Dragon Boat Festival": _l("Dragon Boat Festival"),
    "Mid-autumn Festival": _l("Mid-Autumn Festival"),
    "National Day": _l("National Day"),
}


class DayForm(Form):
    day = DayField(_l("Day"), [InputRequired()])
    until = DayField(_l("to (if several days)"), [Optional()])
    works = SelectField(
        _l("Is"), choices=options([("off", _l("day off")), ("on", _l("a working day"))])
    )
    name = StringField(_l("Name"), [SHORT, clean])


class HoursForm(Form):
    begins = WholeField(_l("Workday starts (hour)"), [InputRequired(), NumberRange(0, 23)])
    ends = WholeField(_l("Workday ends (hour)"), [InputRequired(), NumberRange(1, 23)])


@bp.route("/", methods=["GET", "POST"])
@can("configure")
def index():
    form = DayForm(data={"day": today()})
    if form.validate_on_submit():
        SpecialDay.define_range(
            person(),
            form.day.data,
            form.until.data or form.day.data,
            form.works.data == "on",
            form.name.data[:60],
        )
        return redirect(url_for(".index", year=form.day.data.year), 303)
    return _page(form, _hours_form(), 422 if form.is_submitted() else 200)


def _hours_form():
    begins, ends = Company.current().setting("working_hours")
    return HoursForm(formdata=None, data={"begins": begins, "ends": ends})


def _page(form, hours, status):
    year = query_id("year")
    year = year if 1900 <= year < 3000 else today().year
    own = {row.day: row for row in SpecialDay.in_year(year)}
    days = sorted(
        (day, works, name if day in own else _published_name(works, name), own.get(day))
        for day, (works, name) in special_days().items()
        if day.year == year
    )
    return make_response(
        render_template("staff/calendar/index.html", form=form, hours=hours, days=days, year=year),
        status,
    )


def _published_name(works, name):
    return _("Make-up workday") if works else HOLIDAYS.get(name, name)


@bp.post("/hours")
@can("configure")
@idempotent
def hours():
    form = HoursForm()
    if form.validate():
        form.begins.data < form.ends.data or refuse("no_working_time")
        Company.current().revise(
            person(), settings={"working_hours": [form.begins.data, form.ends.data]}
        )
        flash_ok(_("Saved."))
        return redirect(url_for(".index"), 303)
    return _page(DayForm(formdata=None, data={"day": today()}), form, 422)


@bp.post("/<int:id>/forget")
@can("configure")
@idempotent
def forget(id):
    SpecialDay.forget(person(), get_or_404(sees().special_days(), id))
    return redirect(url_for(".index"), 303)
