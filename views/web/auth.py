"""Who may open a page."""

import contextlib
import functools
from urllib.parse import urlsplit

from flask import (
    abort,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _

from models.core.errors import refuse
from models.core.roles import MAY
from models.people import log, named, staff_networks
from views.refusals import word
from views.web.errors import error_response
from views.web.firm import firm
from views.web.labels import listed
from views.web.proof import take_proof
from views.web.scope import person
from views.web.sign_in_page import SignInForm, sign_in_page


def guard(*audience, ability=None):
    """Who may come to a view: "staff", "contact", "link" (whoever came by the link of a mail),
    "public", or "setup" (anyone, even before there is a firm). Signed out: 401. Wrong side: 404.
    Without the ability: 403."""
    assert ability is None or ability in MAY

    def wrap(view):
        @functools.wraps(view)
        def guarded(*args, **kwargs):
            refused = _refusal(audience, ability)
            return view(*args, **kwargs) if refused is None else refused

        guarded.audience, guarded.ability = set(audience), ability
        return guarded

    return wrap


def can(ability):
    """Staff with this right of models/core/roles.py, which the view's verb asks for."""
    return guard("staff", ability=ability)


staff_only = guard("staff")
contacts_only = guard("contact")
signed_in = guard("staff", "contact")
link_only = guard("link")
public = guard("public")
before_setup = guard("setup")


def _refusal(audience, ability):
    """The response to someone who may not open the page, or None."""
    if "setup" in audience:
        return None
    if firm() is None:
        return redirect(url_for("setup.new"), 303)
    if "public" in audience:
        return None
    if "link" in audience:
        return None if person().is_authenticated and person().link else link_over()
    if not person().is_authenticated:
        "outside" in g and must_be_inside(named(g.outside))
        return signed_out()
    if ("staff" if person().is_staff else "contact") not in audience:
        if request.path == "/":
            return redirect(url_for("portal_home.index"), 303)
        abort(404)
    if _must_set_up_second_factor():
        address = url_for("second_factor.index")
        if request.htmx:
            return make_response("", 401, {"HX-Redirect": address})
        return redirect(address, 303)
    if ability and not person().may(ability):
        log.warning(
            "forbidden: %s to %s from %s",
            request.endpoint,
            named(person()),
            request.remote_addr,
        )
        return error_response(403, not_allowed())
    take_proof()
    return None


def _must_set_up_second_factor():
    """Whether nothing else is open to this person, as the days for it are over."""
    return (
        person().is_staff
        and request.blueprint != "second_factor"
        and person().session.factor_overdue
        and person().must_have_second_factor
    )


def signed_out():
    """401: the sign-in page, or for htmx the way to it; from there back to the page that one was
    on, not to the piece that it asked for."""
    path = request.full_path.rstrip("?") if request.method == "GET" else "/"
    if request.htmx:
        with contextlib.suppress(ValueError):  # an address that is none
            page = urlsplit(request.headers.get("HX-Current-URL", ""))
            path = page.path + ("?" + page.query if page.query else "") or path
        return make_response("", 401, {"HX-Redirect": url_for("auth.sign_in", next=path)})
    return sign_in_page(SignInForm(formdata=None), path, 401)


def must_be_inside(who="nobody we know"):
    """Refused for what is of staff, from outside the networks that the settings name."""
    if not staff_networks.inside(request.remote_addr):
        log.warning("refused outside the networks: %s from %s", who, request.remote_addr)
        refuse("outside_networks")


def link_over():
    """401: what the link opened is closed again."""
    return make_response(render_template("portal/links/over.html", closed=False), 401)


def not_allowed():
    """Why not: the role is missing, or its rights are suspended until a course is passed."""
    resting = getattr(person(), "resting", None)
    return (
        _(
            "Your %(role)s permissions are paused until you pass the course under Training.",
            role=listed(word(role) for role in resting),
        )
        if resting
        else _("You don’t have permission to open this page.")
        if request.method == "GET"
        else _("You can view this, but you can't change it.")
    )
