"""The first page of a new portal: the firm, the administrator, the language."""

import hmac

from flask import (
    Blueprint,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from config import setup_code
from models.company import Company
from models.core.errors import Refused
from models.operations import first_firm
from models.operations.backup import first_run
from models.operations.demo import demo
from models.people import Attempt, Session
from views.auth import welcome
from views.forms import CURRENCIES, LANGUAGES, SHORT, ZONES, Form, clean, mail_address
from views.refusals import sentence
from views.web.auth import before_setup, must_be_inside
from views.web.visitors import is_at_this_machine, is_demo_open

bp = Blueprint("setup", __name__)


class SetupForm(Form):
    firm = StringField(_l("Company name"), [InputRequired(), SHORT, clean])
    language = SelectField(_l("Language"), choices=LANGUAGES)
    currency = SelectField(_l("Currency"), choices=CURRENCIES)
    zone = SelectField(_l("Time zone"), choices=ZONES, default="Asia/Shanghai")
    prices_include_tax = BooleanField(
        _l("Our prices include tax"), description=_l("You can change this on each document.")
    )
    name = StringField(_l("Your name"), [InputRequired(), SHORT, clean])
    email = StringField(_l("Your email address"), [InputRequired(), mail_address, SHORT])
    password = PasswordField(
        _l("Password"),
        [InputRequired(), Length(min=12, max=128)],
        description=_l("At least 12 characters."),
        render_kw={"autocomplete": "new-password"},
    )
    demo = BooleanField(
        _l("Add demo data (for trial only)"), description=_l("Takes about half a minute.")
    )


class DoorForm(Form):
    code = StringField(
        _l("Setup code"),
        [InputRequired(), Length(max=100)],
        render_kw={"autocomplete": "off", "data-hash": True},
    )


@bp.before_app_request
def require_setup_code():
    """The first to come must be who runs the server, not who scans the net for portals just put
    up: at the machine itself, or with the code of its log, which may stand behind the # of the
    address."""
    if request.blueprint not in ("setup", "restoring"):
        return None
    must_be_inside()
    if is_at_this_machine() or session.get("door") or Company.current():
        return None
    form, problem = DoorForm(), ""
    if form.validate_on_submit():
        typed = form.code.data
        code = setup_code(current_app.config["DATA_DIR"], current_app.config["SECRET_KEY"])
        if not Attempt.begin("setup", request.remote_addr):
            problem = _("Too many attempts. Try again in %(minutes)s min.", minutes=15)
        elif hmac.compare_digest(typed.strip().encode(), code.encode()):
            session["door"] = True
            return redirect(url_for("setup.new"), 303)
        else:
            problem = _("Wrong setup code.")
    return make_response(
        render_template("setup/door.html", form=form, problem=problem),
        422 if problem or form.is_submitted() else 200,
    )


@bp.route("/setup", methods=["GET", "POST"])
@before_setup
def new():
    if Company.current():
        return redirect(url_for("home.index"), 303)
    language = str(get_locale())[:2]
    proposed = {"language": language, "currency": "CNY" if language == "zh" else "EUR"}
    form, problem = SetupForm(data=None if request.method == "POST" else proposed), ""
    if not is_demo_open():
        del form.demo
    if form.validate_on_submit():
        data = {k: v for k, v in form.data.items() if k != "csrf_token"}
        wants_demo = data.pop("demo", False)
        try:
            person = first_firm.begin(**data, fill=demo.fill if wants_demo else None)
            first_run.forget_attempt()
            secret = Session.start(person, request.remote_addr, request.user_agent.string)
            return welcome(secret, person, url_for("home.index"))
        except Refused as error:
            problem = sentence(error)
    return make_response(
        render_template("setup/new.html", form=form, problem=problem),
        422 if form.is_submitted() else 200,
    )
