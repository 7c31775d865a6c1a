"""Absence: who stands in for whom; and what someone who left hands over."""

import datetime as dt

from flask import make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from models.approvals import Delegation
from models.approvals.adding import hand_over_all
from models.approvals.flow import KINDS
from models.company import Company
from models.core.clock import today
from models.core.errors import Refused, refuse
from models.core.money import parse_money
from models.people import User
from views.forms import SHORT, DayField, Form, RowField, clean, options
from views.refusals import sentence
from views.staff.flow_form import KIND_NAMES, Many
from views.web.auth import can, staff_only
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_id
from views.web.idempotency import idempotent
from views.web.labels import asked_for, headed
from views.web.pages import flash_no, flash_ok
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "delegations", __name__, url_prefix="/delegations", menu="tasks", help="04-review"
)


class DelegationForm(Form):
    user = SelectField(_l("Absent colleague"), coerce=int)
    to = RowField(_l("Delegate"), [DataRequired()])
    first_day = DayField(_l("First day"), [InputRequired()])
    last_day = DayField(_l("Last day"), [InputRequired()])
    kinds = Many(
        _l("Only for"), choices=options([(k, KIND_NAMES[k]) for k in KINDS if k != "void"])
    )
    most = StringField(_l("Up to this amount"), [SHORT, clean])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        people = list(User.select(User.id, User.name).where(User.active).order_by(User.id))
        self.user.choices = options(
            [(u.id, u.name) for u in people if u.id == person().id or person().may("manage_people")]
        )
        self.to.offer(people)

    def validate_most(self, field):
        try:
            if field.data and parse_money(field.data, Company.current().currency) <= 0:
                raise ValueError
        except ValueError:
            raise ValidationError(_l("Enter a valid number.")) from None


@bp.route("/", methods=["GET", "POST"])
@staff_only
def index():
    form, problem, status = (
        DelegationForm(
            data={
                "user": person().id,
                "first_day": today(),
                "last_day": today() + dt.timedelta(days=6),
            }
        ),
        "",
        200,
    )
    if form.is_submitted():
        status = 422
        if form.validate():
            currency = Company.current().currency
            most = parse_money(form.most.data, currency) if form.most.data else None
            try:
                Delegation.arrange(
                    person(),
                    *(
                        User.colleague(x) or refuse("no_such_person")
                        for x in (form.user.data, form.to.data)
                    ),
                    form.first_day.data,
                    form.last_day.data,
                    form.kinds.data,
                    most,
                )
                flash_ok(_("Saved. Approvals go to the delegate on these dates."))
                return redirect(url_for(".index"), 303)
            except Refused as error:
                problem = sentence(error)
    rows = list(
        sees()
        .delegations_seen()
        .order_by(Delegation.last_day.desc(), Delegation.id.desc())
        .limit(100)
    )
    return make_response(
        render_template(
            "staff/delegations/index.html",
            form=form,
            rows=rows,
            problem=problem,
            people=form.to.choices,
            kind_names=KIND_NAMES,
        ),
        status,
    )


@bp.post("/<int:id>/end")
@staff_only
@idempotent
def end(id):
    get_or_404(sees().delegations_seen(), id).end(by=person())
    return redirect(url_for(".index"), 303)


@bp.post("/hand-over")
@can("manage_people")
@idempotent
def everything():
    """All open tasks of someone who left, to another, in one go."""
    absent, to = (
        User.colleague(form_id(n), left=n == "person") or refuse("no_such_person")
        for n in ("person", "to")
    )
    given, kept = hand_over_all(person(), absent, to)
    flash_ok(ngettext("1 task reassigned.", "%(num)s tasks reassigned.", len(given)))
    for task, why in kept:
        flash_no(headed(asked_for(task.request.subject), sentence(why)))
    return redirect(url_for(".index"), 303)
