"""Single sign-on: to the provider, and back with its answer."""

import secrets
import time

from flask import Blueprint, abort, redirect, request, session

from models import provider_sign_in
from models import sign_in as signing_in
from models.adapters import provider
from models.core.errors import Refused, refuse
from models.people import Attempt, digest
from views.auth import entered
from views.refusals import sentence
from views.web.addresses import safe_next_url
from views.web.auth import must_be_inside, public
from views.web.language import language as reading
from views.web.second_step import known_browser, next_page
from views.web.sign_in_page import SignInForm, sign_in_page
from views.web.visitors import this_device

bp = Blueprint("provider", __name__, url_prefix="/sign-in/provider")
LIFE = 900  # seconds that one may take at the provider


@bp.get("")
@public
def new():
    """What only this browser holds waits in the form's cookie, which nobody else can sign."""
    _must_be_for_them()
    secret, target = secrets.token_urlsafe(32), next_page()
    try:
        address = provider.begin(secret, reading())
    except Refused as error:
        provider_sign_in.log_refusal(error.code, None, request.remote_addr)
        return _failed(error, target)
    session["provider"] = {"secret": secret, "until": time.time() + LIFE, "next": target}
    return redirect(address, 303)


@bp.get("/return")
@public
def back():
    _must_be_for_them()
    begun = session.pop("provider", {})
    secret = begun.get("secret", "") if begun.get("until", 0) > time.time() else ""
    name, target = f"provider {digest(secret)[:20]}", safe_next_url(begun.get("next"))
    try:
        Attempt.begin(name, request.remote_addr) or refuse("too_many_tries", minutes=15)
        entry = signing_in.enter_by_provider(
            lambda: provider.identify(secret, request.args.to_dict()),
            request.remote_addr,
            request.user_agent.string,
            remembered=known_browser(),
            device=this_device(),
        )
        Attempt.forget(name)
        return entered(entry, target)
    except Refused as error:
        return _failed(error, target)


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
