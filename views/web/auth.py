"""Who may come to a page."""

import functools

from flask import (
    abort,
    make_response,
    redirect,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user

from models.people import User, log, named
from views.refusals import word
from views.web.errors import error_response
from views.web.firm import firm
from views.web.sign_in_page import SignInForm, sign_in_page


def audience(*who):
    """Who may come here: role names, "staff", "contact" or "public". Signed out: 401. Wrong side:
    404. Wrong role: 403."""

    def wrap(view):
        @functools.wraps(view)
        def guarded(*args, **kwargs):
            if "setup" not in who and firm() is None:
                return redirect(url_for("setup.new"), 303)
            if "public" in who or "setup" in who:
                return view(*args, **kwargs)
            if not current_user.is_authenticated:
                return signed_out()
            staff = isinstance(current_user._get_current_object(), User)
            if not (set(who) - {"contact"} if staff else "contact" in who):
                if request.path == "/":
                    return redirect(url_for("portal_home.index"), 303)
                abort(404)
            if staff and "staff" not in who and not set(who) & set(current_user.acting_roles):
                log.warning(
                    "forbidden: %s to %s from %s",
                    request.endpoint,
                    named(current_user),
                    request.remote_addr,
                )
                return error_response(403, not_allowed())
            return view(*args, **kwargs)

        guarded.audience = who
        return guarded

    return wrap


def signed_out():
    """401: the sign-in page, or a redirect to it for htmx."""
    address = url_for(
        "auth.sign_in", next=request.full_path.rstrip("?") if request.method == "GET" else "/"
    )
    if request.htmx:
        return make_response("", 401, {"HX-Redirect": address})
    return sign_in_page(
        SignInForm(formdata=None),
        request.full_path.rstrip("?") if request.method == "GET" else "/",
        401,
    )


def not_allowed():
    """Why not: the role is missing, or its rights rest until a course is passed."""
    resting = getattr(current_user, "resting", None)
    return (
        _(
            "Your rights as %(role)s rest until you pass the course under Training.",
            role=", ".join(word(role) for role in resting),
        )
        if resting
        else _("You may see this, but not do that.")
    )
