"""Signing in and out, one-time links, the language."""

import secrets

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
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from models import people
from models import sign_in as signing_in
from models.adapters import provider
from models.adapters.outbox import Mail
from models.company import Company
from models.core.errors import Refused, refuse
from models.customers import Contact
from models.people import passwords
from views.forms import SHORT, Form, clean
from views.refusals import sentence, status
from views.web.addresses import safe_next_url
from views.web.auth import before_setup, public, signed_in
from views.web.blueprints import StaffBlueprint
from views.web.cookies import cookie_name, give_cookie, give_session
from views.web.errors import error_response
from views.web.fields import form_text
from views.web.language import language as reading
from views.web.pages import flash_ok
from views.web.roles import ROLES
from views.web.scope import get_or_404, person, sees
from views.web.second_step import known_browser, second_step
from views.web.sign_in_page import SignInForm, sign_in_page
from views.web.visitors import is_demo_open, this_device

bp = Blueprint("auth", __name__)
PURPOSES = {"invitation", "joining", "password", "sign_in"}
LINK_SECONDS = 1800  # for which a browser keeps what concerns the link of a mail


class PasswordForm(Form):
    password = PasswordField(
        _l("New password"),
        [InputRequired(), Length(max=128)],
        render_kw={"autocomplete": "new-password"},
    )


class JoinForm(PasswordForm):
    name = StringField(
        _l("Your name"), [InputRequired(), SHORT, clean], render_kw={"autocomplete": "name"}
    )


class MailForm(Form):
    email = StringField(
        _l("Email address"),
        [InputRequired(), Length(max=200), clean],
        render_kw={"autocomplete": "username"},
    )


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in():
    form, problem = SignInForm(), ""
    code = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            if form.password.data == passwords.DEMO and not is_demo_open():
                refuse("wrong_password")
            entry = signing_in.sign_in(
                form.email.data,
                form.password.data,
                request.remote_addr,
                request.user_agent.string,
                remembered=known_browser(),
                device=this_device(),
            )
            return entered(entry, safe_next_url(request.form.get("next")))
        except Refused as error:
            code, problem = refused_status(error), sentence(error)
    left = session.pop("left", False)
    return sign_in_page(form, request.values.get("next", "/"), code, problem, left=left)


def refused_status(error):
    """Of a page that shows the form again."""
    return 403 if status(error) == 403 else 422


def entered(entry, target):
    """On to the second factor, or in."""
    return second_step(entry, target) if entry.half else welcome(*entry[:2], target)


def welcome(secret, who, target):
    """A new cookie for the new session, then on to where the person wanted to go. The session
    before it ends."""
    if person().is_authenticated:
        person().session.end(by=person())
    session.clear()
    if not isinstance(who, people.User) and not target.startswith("/portal"):
        target = url_for("portal_home.index")
    response = redirect(target, 303)
    give_session(response, secret)
    give_cookie(response, "device", this_device(), httponly=True, max_age=31536000)
    demo = Company.current().demo  # whose people are tried out by whoever reads the door's page
    give_cookie(response, "language", reading() if demo else who.language)
    return response


@bp.post("/sign-out")
@public
def sign_out():
    offered = person().is_authenticated and person().is_staff and bool(person().provider_account)
    if person().is_authenticated:
        person().session.end(by=person())
    session.clear()
    session["left"] = offered and provider.may_sign_out()
    response = redirect(url_for("auth.sign_in"), 303)
    response.delete_cookie(
        current_app.config["SIGN_IN_COOKIE"],
        samesite="Lax",
        httponly=True,
        secure=current_app.config["BASE_URL"].startswith("https://"),
    )
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@bp.post("/language")
@before_setup
def language():
    chosen = request.form.get("language")
    if chosen not in ("zh", "en"):
        return error_response(422, _("Danju supports Chinese and English."))
    response = redirect(safe_next_url(request.form.get("next")), 303)
    if person().is_authenticated and person().language != chosen:
        person().set_language(chosen)
    give_cookie(response, "language", chosen, max_age=31536000)
    return response


@bp.route("/forgotten", methods=["GET", "POST"])
@public
def forgotten():
    """Mail a link; the answer is the same for known and unknown addresses."""
    form = MailForm()
    if form.validate_on_submit():
        email, purpose = (
            form.email.data.strip().lower(),
            "sign_in" if request.form.get("how") == "link" else "password",
        )
        asked = secrets.token_urlsafe(32)
        # counted apart from guesses: who is locked out by a stranger's comes in by the code
        if people.Attempt.begin(f"link to {email}", request.remote_addr):
            found = [*people.User.by_email(email), *Contact.by_email(email)]
            for person in found:
                mail_code(purpose, person, asked)
            log_asked(purpose, found)
        else:
            people.log.warning(
                "link held back, too many tries: %s from %s", purpose, request.remote_addr
            )
        if purpose == "password":
            flash_ok(_("If this email is registered, we have sent you a link."))
            return redirect(url_for("auth.sign_in"), 303)
        flash_ok(
            _(
                "If this email is registered, we have sent you a code. Type it here, or open its "
                "link in this browser."
            )
        )
        response = redirect(url_for("auth.link", purpose=purpose), 303)
        give_cookie(response, "asked", asked, path="/links", httponly=True, max_age=LINK_SECONDS)
        return response
    return make_response(
        render_template("auth/forgotten.html", form=form), 422 if form.is_submitted() else 200
    )


def log_asked(purpose, found):
    names = ", ".join(map(people.named, found)) or "nobody we know"
    people.log.info("link asked for: %s, %s from %s", purpose, names, request.remote_addr)


def mail_code(purpose, person, asked):
    """A link to set a new password works in any browser, once; the code to sign in only in the one
    that asked for it, which holds `asked`."""
    code = (
        people.Code.make_short(purpose, person, asked)
        if purpose == "sign_in"
        else people.Code.make(purpose, person)
    )
    Mail.enqueue(
        f"{purpose}-{people.digest(code + asked)[:20]}",
        to=person.email,
        template=purpose,
        language=person.language,
        context={"name": person.name, "code": code, "link": link_for(purpose, code)},
    )


def link_for(purpose, code):
    """Browsers send no server what follows the #; the page that opens puts it into its form."""
    return f"{current_app.config['BASE_URL']}/links/{purpose}#{code}"


def _link_cookie(name):
    return request.cookies.get(cookie_name(name, "/links"), "")


@bp.get("/links/<purpose>")
@public
def link(purpose):
    """The form that takes the code of the mail, then the one that uses it."""
    code = _link_cookie("code")
    person = purpose in PURPOSES and people.Code.holder(purpose, code)
    if person:
        return _link_page(200, _link_form(purpose, person), purpose, person)
    if purpose in PURPOSES and not code:
        return _code_page(purpose)
    return _link_over(purpose)


def _code_page(purpose, over=False, typed=""):
    return render_template("auth/code.html", purpose=purpose, over=over, typed=typed)


def _link_over(purpose, typed=""):
    log_refused_link(purpose)
    return make_response(_code_page(purpose, True, typed), 410)


@bp.post("/links/<purpose>/code")
@public
def bring(purpose):
    """Keep the code of the mail in a cookie. Nothing is used up."""
    asked, code = _link_cookie("asked"), form_text("code", 100, lines=False)
    secret = people.whole(code, asked) if purpose == "sign_in" and asked else code
    if secret != code and not people.Attempt.begin(
        f"code {people.digest(asked)[:20]}", request.remote_addr
    ):
        refuse("too_many_tries", minutes=15)
    if purpose not in PURPOSES or not people.Code.holder(purpose, secret):
        return _link_over(purpose, code)
    response = redirect(url_for("auth.link", purpose=purpose), 303)
    give_cookie(response, "code", secret, path="/links", httponly=True, max_age=LINK_SECONDS)
    return response


def _link_form(purpose, person):
    return JoinForm(data={"name": person.name}) if purpose == "joining" else PasswordForm()


def _link_page(status, form, purpose, person, problem=""):
    page = render_template(
        "auth/link.html",
        form=form,
        purpose=purpose,
        person=person,
        problem=problem,
        roles=ROLES,
    )
    return make_response(page, status)


@bp.post("/links/<purpose>")
@public
def redeem(purpose):
    secret, problem = _link_cookie("code"), ""
    person = purpose in PURPOSES and people.Code.holder(purpose, secret)
    if not person:
        return _link_over(purpose)
    form, code = _link_form(purpose, person), 422
    if purpose == "sign_in" or form.validate_on_submit():
        try:
            entry = signing_in.enter_by_code(
                purpose,
                secret,
                form.password.data,
                request.remote_addr,
                request.user_agent.string,
                name=form.name.data if purpose == "joining" else "",
                remembered=known_browser(),
                device=this_device(),
            )
            response = entered(entry, url_for("home.index"))
            for name in filter(_link_cookie, ("asked", "code")):
                give_cookie(response, name, "", path="/links", httponly=True, max_age=0)
            return response
        except Refused as error:
            code, problem = refused_status(error), sentence(error)
    return _link_page(code, form, purpose, person, problem)


def log_refused_link(purpose):
    people.log.warning(
        "link refused: %s from %s",
        purpose if purpose in PURPOSES else "of no kind",
        request.remote_addr,
    )


sessions = StaffBlueprint("sessions", __name__, menu=None, help="14-accounts")


@sessions.get("/sessions")
@signed_in
def index():
    return _sessions_page(PasswordForm())


def _sessions_page(form, problem=""):
    return render_template(
        "auth/sessions.html",
        rows=list(sees().sessions()),
        devices=list(sees().devices()) if person().is_staff else [],
        secured=person().is_staff and person().has_second_factor,
        form=form,
        problem=problem,
        layout="staff" if person().roles else "portal",
    )


@sessions.post("/sessions/<int:id>/end")
@signed_in
def end(id):
    get_or_404(sees().sessions(), id).end(by=person())
    return redirect(url_for("sessions.index"), 303)


@sessions.post("/sessions/end")
@signed_in
def end_all():
    """Every session of this person, this one too."""
    person().sign_out_everywhere(by=person())
    flash_ok(_("Signed out on every device."))
    return redirect(url_for("auth.sign_in"), 303)


@sessions.post("/sessions/password")
@signed_in
def password():
    form, problem = PasswordForm(), ""
    if form.validate_on_submit():
        try:
            person().change_password(
                request.form.get("old", "")[:128], form.password.data, request.remote_addr
            )
            flash_ok(_("Password changed. Sign in again."))
            return redirect(url_for("auth.sign_in"), 303)
        except Refused as error:
            problem = sentence(error)
    return make_response(_sessions_page(form, problem), 422)
