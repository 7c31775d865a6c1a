"""Before what matters most whoever sits there proves who they are, unless they did so within ten
minutes: the field for it stands in the form itself, and nothing typed is lost."""

import hashlib
from collections import namedtuple

from flask import (
    after_this_request,
    current_app,
    g,
    make_response,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from markupsafe import Markup

from models.adapters import provider
from models.core.errors import Refused
from models.people import Passkey
from models.people.proof import prove, way_of, ways_to_prove
from views.refusals import sentence
from views.web.addresses import parent_page
from views.web.cookies import give_session
from views.web.scope import person
from views.web.second_step import site

# The deeds. The guard lets nobody do them without a proof; one who has none, or a wrong one, is
# asked for it on a page of its own that keeps what was typed.
DEEDS = {
    "access.sign_everybody_out",
    "account_changes.approve",
    "backups.off",
    "backups.on",
    "backups.printed",
    "backups.sheet_with_key",
    "factor_resets.create",
    "invitations.again",
    "legal_holds.lift",
    "people.sign_out",
    "people.toggle",
    "provider_releases.create",
    "second_factor.add_passkey",
    "second_factor.begin",
    "second_factor.confirm",
    "second_factor.remove_app",
    "second_factor.remove_passkey",
    "second_factor.renew",
    "sessions.end",
    "sessions.end_all",
}
# The same, but their views call must_prove() themselves: they show their own form again.
SHOWN_AGAIN = {
    "backups.create",
    "backups.edit",
    "contacts.edit",  # the address of whoever can sign in
    "invitations.create",
    "legal_holds.create",
    "people.edit",
    "people.new",
    "settings.accounts",
    "settings.edit",  # of some of its groups
}
Field = namedtuple("Field", "label ways options error ident provider")


class Unproved(Refused):
    """What was asked for is not done before its person proved who they are."""


def take_proof():
    """Check what came with a form; the guard calls it before the view, outside its transaction, so
    that a wrong one counts. Raises Unproved, or lets must_prove() do so."""
    deed = request.endpoint in DEEDS
    if request.method == "GET" or not (deed or request.endpoint in SHOWN_AGAIN):
        return
    if not person().session.needs_proof:
        return
    g.unproved = _problem()
    if deed and g.unproved:
        raise Unproved("proof_needed")


def must_prove():
    """Go on only with a proof."""
    if g.get("unproved"):
        raise Unproved("proof_needed")


def _problem():
    """Why what came is no proof, or "" when it is one."""
    typed, answer = request.form.get("proof", "")[:128], request.form.get("proof_answer", "")
    if not typed and not answer:
        asked = "proof" in request.form
        return _("Enter it to go on.") if asked else _("Your last proof is over ten minutes old.")
    try:
        prove(person(), lambda: _way(typed, answer[:10_000]), request.remote_addr)
    except Refused as error:
        return sentence(error)
    renew_session()
    return ""


def renew_session():
    """After a proof the browser gets another cookie; one stolen before is worth nothing."""
    secret = person().session.fresh_secret

    @after_this_request
    def give(response):
        if secret:
            give_session(response, secret)
        return response


def _way(typed, answer):
    if answer:
        signed = site() and Passkey.redeem(person(), answer, _challenge(), site())
        return "passkey" if signed else ""
    return way_of(person(), typed, current_app.config["SECRET_KEY"])


def _challenge():
    """Another one after each proof; nobody else knows the session's token."""
    session = person().session
    return hashlib.sha256(f"proof {session.token} {session.proved_at}".encode()).digest()


def needs_proof():
    return person().is_authenticated and person().session.needs_proof


def proof_field(sent=True):
    """What the field of a form shows, or None where none is needed now. `sent`: whether this is
    the form that was sent, so that the problem stands in it."""
    if not needs_proof():
        return None
    ways = [way for way in ways_to_prove(person()) if way != "passkey" or site()]
    g.proof_fields = g.get("proof_fields", 0) + 1
    return Field(
        _label(ways),
        ways,
        Passkey.request_options(person(), _challenge(), site()) if "passkey" in ways else "",
        g.get("unproved", "") if sent else "",
        f"proof-{g.proof_fields}",
        provider.name(),
    )


def _label(ways):
    if "code" not in ways:
        return _("Your password")
    return (
        _("Your password, or a code from your app")
        if "password" in ways
        else _("A code from your app, or a recovery code")
    )


def passkey_script():
    """The script behind the buttons for passkeys, once for each page."""
    if g.get("has_passkey_script"):
        return ""
    g.has_passkey_script = True
    return Markup('<script src="{}" defer></script>').format(
        url_for("static", filename="passkey.js")
    )


def page(error):
    """422: the question alone, with all that was typed, to be sent on to where it was sent."""
    typed = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in ("csrf_token", "proof", "proof_answer")
    ]
    return make_response(
        render_template(
            "auth/proof.html",
            layout="staff" if person().is_staff else "portal",
            typed=typed,
            address=request.full_path.rstrip("?"),
            back=parent_page(request.path),
        ),
        422,
    )
