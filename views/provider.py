"""Single sign-on: to the provider, and back with its answer."""

import secrets
import time

from flask import (
    Blueprint,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    session,
)

from models import provider_sign_in
from models import sign_in as signing_in
from models.adapters import provider
from models.core.errors import Refused, refuse
from models.people import Attempt, digest
from views.auth import entered
from views.refusals import sentence
from views.web.addresses import safe_next_url
from views.web.auth import must_be_inside, public, signed_out
from views.web.language import language as reading
from views.web.proof import renew_session
from views.web.scope import person
from views.web.second_step import known_browser, next_page
from views.web.sign_in_page import SignInForm, sign_in_page
from views.web.visitors import this_device

bp = Blueprint("provider", __name__, url_prefix="/sign-in/provider")
LIFE = 900  # seconds that one may take at the provider


@bp.get("")
@public
def new():
    """What only this browser holds waits in the form's cookie, which nobody else can sign. With
    ?prove whoever is signed in proves anew who they are."""
    _must_be_for_them()
    secret, target, proves = secrets.token_urlsafe(32), next_page(), "prove" in request.args
    if proves and not _is_signed_in():
        return signed_out()
    try:
        address = provider.begin(secret, reading(), anew=proves)
    except Refused as error:
        provider_sign_in.log_refusal(error.code, None, request.remote_addr)
        return _proof_page(sentence(error)) if proves else _failed(error, target)
    until = time.time() + LIFE
    session["provider"] = {"secret": secret, "until": until, "next": target, "proves": proves}
    return redirect(address, 303)


@bp.get("/return")
@public
def back():
    _must_be_for_them()
    begun = session.pop("provider", {})
    secret = begun.get("secret", "") if begun.get("until", 0) > time.time() else ""
    name, target = f"provider {digest(secret)[:20]}", safe_next_url(begun.get("next"))

    def identify():
        Attempt.begin(name, request.remote_addr) or refuse("too_many_tries", minutes=15)
        return provider.identify(secret, request.args.to_dict())

    if begun.get("proves"):
        return _prove(identify)
    try:
        entry = signing_in.enter_by_provider(
            identify,
            request.remote_addr,
            request.user_agent.string,
            remembered=known_browser(),
            device=this_device(),
        )
        Attempt.forget(name)
        return entered(entry, target)
    except Refused as error:
        return _failed(error, target)


def _prove(identify):
    if not _is_signed_in():
        return signed_out()
    try:
        provider_sign_in.prove(person(), identify, request.remote_addr)
        renew_session()
        return _proof_page()
    except Refused as error:
        return _proof_page(sentence(error))


def _is_signed_in():
    return person().is_authenticated and person().is_staff


def _proof_page(problem=""):
    """In a tab of its own: the form waits in the other."""
    page = render_template("auth/proved.html", problem=problem)
    return make_response(page, 422 if problem else 200)


@bp.get("/out")
@public
def leave():
    """To the page at which one signs out at the provider too."""
    _must_be_for_them()
    try:
        return redirect(provider.sign_out_address() or abort(404), 303)
    except Refused as error:
        return _failed(error, "/")


def _must_be_for_them():
    provider.is_set() or abort(404)
    must_be_inside()


def _failed(error, target):
    """The sign-in page, where the other ways are, with the reason."""
    code = 503 if error.code == "provider_away" else 422
    return sign_in_page(SignInForm(formdata=None), target, code, sentence(error))
