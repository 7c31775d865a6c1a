"""One's own second factor: the app, passkeys, recovery codes, browsers that are remembered."""

import secrets

import segno
from flask import current_app, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from models.company import Company
from models.core.errors import Refused, refuse
from models.people import Factor, Passkey, RecoveryCode
from models.people.factor import address
from views.refusals import sentence
from views.web.auth import staff_only
from views.web.blueprints import StaffBlueprint
from views.web.devices import device
from views.web.fields import form_text
from views.web.pages import flash_ok
from views.web.proof import needs_proof
from views.web.scope import get_or_404, person, sees
from views.web.second_step import site

bp = StaffBlueprint(
    "second_factor", __name__, url_prefix="/second-factor", menu=None, help="14-accounts"
)


@bp.get("/")
@staff_only
def index():
    return _page()


def _page(problem=""):
    # what was begun is shown to nobody who only found the page open
    secret = "" if needs_proof() else Factor.pending_secret(person(), _key())
    page = render_template(
        "auth/second_factor.html",
        app=Factor.working(person()),
        secret=secret,
        picture=_picture(secret) if secret else "",
        keys=list(sees().passkeys()),
        options=_options(),
        left=RecoveryCode.left(person()),
        due=person().session.factor_due,
        problem=problem,
    )
    return make_response(page, 422 if problem else 200)


def _key():
    return current_app.config["SECRET_KEY"]


def _picture(secret):
    text = address(secret, person(), Company.current().name)
    return segno.make(text, error="m").svg_data_uri(scale=4, border=2, light="#fff")


def _options():
    """What the browser is asked for to make a passkey. Its challenge waits in the form's cookie."""
    if not site():
        return ""
    challenge = secrets.token_bytes(32)
    session["passkey"] = bytes_to_base64url(challenge)
    return Passkey.creation_options(person(), challenge, site(), Company.current().name)


@bp.post("/app")
@staff_only
def begin():
    Factor.begin(person(), _key())
    return redirect(url_for("second_factor.index", _anchor="app"), 303)


@bp.post("/app/first-code")
@staff_only
def confirm():
    try:
        return _added(person().confirm_app(form_text("code", 20, lines=False), _key()))
    except Refused as error:
        return _page(sentence(error))


@bp.post("/app/removal")
@staff_only
def remove_app():
    return _removed(person().remove_app)


@bp.post("/passkeys")
@staff_only
def add_passkey():
    try:
        challenge = session.pop("passkey", "") if site() else ""
        challenge or refuse("passkey_wrong")
        name = form_text("name", 60, lines=False) or device(request.user_agent.string)
        answer = form_text("answer", 20_000)
        return _added(
            person().add_passkey(answer, base64url_to_bytes(challenge), site(), name[:60])
        )
    except Refused as error:
        return _page(sentence(error))


@bp.post("/passkeys/<int:id>/removal")
@staff_only
def remove_passkey(id):
    passkey = get_or_404(sees().passkeys(), id)
    return _removed(lambda: person().remove_passkey(passkey))


@bp.post("/recovery-codes")
@staff_only
def renew():
    try:
        return _codes(person().renew_recovery_codes())
    except Refused as error:
        return _page(sentence(error))


@bp.post("/browsers/<int:id>/end")
@staff_only
def forget(id):
    get_or_404(sees().devices(), id).forget()
    return redirect(url_for("sessions.index"), 303)


def _added(codes):
    """The recovery codes, if they are the first: the only time that they are shown."""
    if codes:
        return _codes(codes)
    flash_ok(_("Saved."))
    return redirect(url_for("second_factor.index"), 303)


def _codes(codes):
    return render_template("auth/recovery_codes.html", codes=codes)


def _removed(remove):
    try:
        remove()
    except Refused as error:
        return _page(sentence(error))
    return redirect(url_for("second_factor.index"), 303)
