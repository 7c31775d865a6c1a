"""Planned maintenance, told to everyone."""

import datetime as dt

from flask import make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length, NumberRange

from models.core.clock import today, zone
from models.core.errors import Refused
from models.operations.announcement import Announcement
from views.forms import DayField, Form, WholeField, clean
from views.refusals import sentence
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.idempotency import idempotent
from views.web.pages import flash_ok
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "announcements", __name__, url_prefix="/announcements", menu="status", help="11-keeping"
)


class AnnouncementForm(Form):
    day = DayField(_l("Day"), [InputRequired()])
    hour = WholeField(_l("At what hour"), [InputRequired(), NumberRange(0, 23)])
    minutes = WholeField(_l("For how many minutes"), [InputRequired(), NumberRange(1, 2880)])
    text = StringField(_l("Details"), [Length(max=250), clean])


@bp.route("/", methods=["GET"])
@can("configure")
def index():
    return _page(
        AnnouncementForm(data={"day": today() + dt.timedelta(days=1), "hour": 20, "minutes": 30}),
        "",
        200,
    )


def _page(form, problem, status):
    return make_response(
        render_template(
            "staff/announcements/index.html",
            form=form,
            problem=problem,
            rows=list(sees().announcements()),
        ),
        status,
    )


@bp.post("/")
@can("configure")
@idempotent
def create():
    form, problem = AnnouncementForm(), ""
    if form.validate():
        begin = (
            dt.datetime.combine(form.day.data, dt.time(form.hour.data), zone())
            .astimezone(dt.timezone.utc)
            .replace(tzinfo=None)
        )
        try:
            Announcement.make(
                person(), begin, begin + dt.timedelta(minutes=form.minutes.data), form.text.data
            )
            flash_ok(_("Announcement published."))
            return redirect(url_for("announcements.index"), 303)
        except Refused as error:
            problem = sentence(error)
    return _page(form, problem, 422)


@bp.post("/<int:id>/withdraw")
@can("configure")
@idempotent
def withdraw(id):
    get_or_404(sees().announcements(), id).withdraw(person())
    return redirect(url_for("announcements.index"), 303)
