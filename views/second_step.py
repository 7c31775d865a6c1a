"""The second factor at sign-in, after password or link."""

import hashlib

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import Length

from models import people
from models import sign_in as signing_in
from models.core.errors import Refused
from views.auth import refused_status, welcome
from views.forms import Form, clean
from views.refusals import sentence
from views.web.auth import public
from views.web.second_step import end_half, half_signed_in, next_page, remember_browser, site
from views.web.visitors import this_device

bp = Blueprint("second_step", __name__)


class SecondFactorForm(Form):
    code = StringField(
        _l("Code from your app, or a recovery code"),
        [Length(max=60), clean],
        render_kw={"autocomplete": "one-time-code", "autofocus": True},
    )
    answer = HiddenField(validators=[Length(max=10_000), clean])
    remember = BooleanField(_l("Do not ask in this browser for 30 days"))


@bp.route("/sign-in/second", methods=["GET", "POST"])
@public
def new():
    half, form, problem = half_signed_in(), SecondFactorForm(), ""
    code = 422 if form.is_submitted() else 200
    person = people.Code.holder("second_factor", half)
    if not person:
        return redirect(url_for("auth.sign_in", next=next_page()), 303)
    if form.validate_on_submit():
        try:
            entry, remembered = signing_in.enter_second(
                half,
                lambda who: _is_shown(who, form, half),
                request.remote_addr,
                request.user_agent.string,
                form.remember.data,
                this_device(),
            )
            response = welcome(*entry[:2], next_page())
            end_half(response)
            if remembered:
                remember_browser(response, remembered)
            return response
        except Refused as error:
            code, problem = refused_status(error), sentence(error)
    form.code.data = form.answer.data = ""
    page = render_template(
        "auth/second_step.html",
        form=form,
        person=person,
        problem=problem,
        next=next_page(),
        options=_options(person, half),
    )
    return make_response(page, code)


def _is_shown(person, form, half):
    if form.answer.data and site():
        return people.Passkey.redeem(person, form.answer.data, _challenge(half), site())
    return person.show_code(form.code.data, current_app.config["SECRET_KEY"])


def _options(person, half):
    """What the browser asks a passkey for; nothing when the person has none."""
    if not site() or not people.Passkey.of(person).exists():
        return ""
    return people.Passkey.request_options(person, _challenge(half), site())


def _challenge(half):
    """As random as the half sign-in, and used up with it."""
    return hashlib.sha256(f"passkey {half}".encode()).digest()
