"""Contact plans: how often customers of a class hear from us."""

from flask import make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from models.care import ContactPlan
from models.care.contact_plan import LEAST_DAYS, MOST_DAYS
from views.forms import Form, WholeField, clean, options
from views.staff.follow_ups import KINDS
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.pages import flash_ok
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "contact_plans", __name__, url_prefix="/contact-plans", menu="follow_ups", help="13-care"
)
SIXTY = Length(max=60, message=_l("This is too long."))


class PlanForm(Form):
    name = StringField(_l("Name"), [InputRequired(), SIXTY, clean])
    tag = StringField(
        _l("For customers with the tag"),
        [SIXTY, clean],
        description=_l("Empty: every active customer"),
    )
    every_days = WholeField(
        _l("Every (days)"), [InputRequired(), NumberRange(LEAST_DAYS, MOST_DAYS)], default=90
    )
    kind = SelectField(_l("Type"), choices=options(KINDS))
    what = StringField(
        _l("What to do"),
        [InputRequired(), Length(max=200, message=_l("This is too long.")), clean],
    )
    active = BooleanField(_l("Active"), default=True)


@bp.get("/")
@can("govern")
def index():
    return render_template(
        "staff/contact_plans/index.html",
        rows=list(sees().contact_plans().order_by(ContactPlan.every_days)),
        kind_names=dict(KINDS),
    )


@bp.route("/new", methods=["GET", "POST"])
@can("configure")
def new():
    return _form(None)


@bp.route("/<int:id>/edit", methods=["GET", "POST"])
@can("configure")
def edit(id):
    return _form(get_or_404(sees().contact_plans(), id))


def _form(plan):
    form = PlanForm.of(plan)
    if form.validate_on_submit():
        ContactPlan.define(person(), plan, **form.changes())
        flash_ok(_("Saved."))
        return redirect(url_for(".index"), 303)
    return make_response(
        render_template("staff/contact_plans/edit.html", form=form, plan=plan),
        422 if form.is_submitted() else 200,
    )
