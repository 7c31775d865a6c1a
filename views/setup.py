"""The first page of a new portal: the firm, the administrator, the language."""
from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from models import start
from models.base import Refused
from models.company import Company
from models.people import Session
from views.auth import welcome
from views.forms import CURRENCIES, LANGUAGES, SHORT, Form, clean, mail_address
from views.helpers import audience
from views.refusals import sentence

bp = Blueprint("setup", __name__)


class SetupForm(Form):
    firm = StringField(_l("Name of the firm"), [InputRequired(), SHORT, clean])
    language = SelectField(_l("Language"), choices=LANGUAGES)
    currency = SelectField(_l("Currency"), choices=CURRENCIES)
    name = StringField(_l("Your name"), [InputRequired(), SHORT, clean])
    email = StringField(_l("Your mail address"), [InputRequired(), mail_address, SHORT])
    password = PasswordField(_l("Password"), [InputRequired(), Length(min=12, max=128)],
                             description=_l("At least 12 characters."))
    demo = BooleanField(_l("Fill in demo data to try things out"))


@bp.route("/setup", methods=["GET", "POST"])
@audience("setup")
def new():
    if Company.current():
        return redirect(url_for("home.index"), 303)
    form, problem = SetupForm(), ""
    if not current_app.config["DEMO_OPEN"]:
        del form.demo
    if form.validate_on_submit():
        data = {k: v for k, v in form.data.items() if k != "csrf_token"}
        try:
            person = start.begin(**data)
            secret = Session.start(person, request.remote_addr, request.user_agent.string)
            return welcome(secret, person, url_for("home.index"))
        except Refused as error:
            problem = sentence(error)
    return make_response(render_template("setup/new.html", form=form, problem=problem),
                         422 if form.is_submitted() else 200)
