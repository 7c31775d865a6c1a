"""Tax rates with the days on which they hold."""

from flask import make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Optional

from models.core.clock import today
from models.core.errors import Refused
from models.products import TaxRate
from views.forms import SHORT, DayField, Form, ScaledField, clean, options
from views.refusals import sentence
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.pages import flash_ok
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "tax_rates", __name__, url_prefix="/tax-rates", menu="settings", help="02-customers"
)


class TaxRateForm(Form):
    name = StringField(
        _l("Name on documents"),
        [InputRequired(), SHORT, clean],
        description=_l("e.g. 13%, exempt"),
    )
    name_en = StringField(_l("Name on documents (English)"), [SHORT, clean])
    kind = SelectField(
        _l("Type"),
        choices=options(
            [
                ("taxed", _l("Taxed")),
                ("zero", _l("Zero-rated")),
                ("exempt", _l("Exempt")),
                ("out_of_scope", _l("Outside the scope of tax")),
            ]
        ),
    )
    rate = ScaledField(_l("Tax rate (%)"), least=0, most=10000, empty=0)
    valid_from = DayField(_l("Valid from"), [Optional()])
    valid_to = DayField(_l("Valid to"), [Optional()])


def in_force(rate):
    """Whether the rate holds today."""
    return (not rate.valid_from or rate.valid_from <= today()) and (
        not rate.valid_to or rate.valid_to >= today()
    )


@bp.get("/")
@can("configure")
def index():
    return render_template(
        "staff/tax_rates/index.html",
        rows=list(sees().tax_rates().order_by(TaxRate.rate.desc(), TaxRate.id)),
        in_force=in_force,
    )


@bp.route("/new", methods=["GET", "POST"])
@can("configure")
def new():
    return _form(None)


@bp.route("/<int:id>/edit", methods=["GET", "POST"])
@can("configure")
def edit(id):
    return _form(get_or_404(sees().tax_rates(), id))


def _form(rate):
    form, problem = TaxRateForm.of(rate), ""
    if form.validate_on_submit():
        try:
            if rate:
                rate.revise(person(), **form.changes())
            else:
                TaxRate.enter(person(), **form.changes())
            flash_ok(_("Saved. Existing documents keep their tax rate."))
            return redirect(url_for(".index"), 303)
        except Refused as error:
            problem = sentence(error)
    return make_response(
        render_template("staff/tax_rates/edit.html", form=form, rate=rate, problem=problem),
        422 if form.is_submitted() else 200,
    )
