"""From the password on to the second factor: what the browser holds in between."""

from urllib.parse import urlsplit

from flask import current_app, redirect, request, url_for

from models.people import CODE_LIFE, REMEMBERED, Site
from views.web.addresses import safe_next_url
from views.web.cookies import cookie_name, give_cookie

HALF = "/sign-in"  # the path that the cookie of a half sign-in is sent to


def second_step(entry, target):
    """The page that asks for the second factor. The cookie opens nothing else."""
    response = redirect(url_for("second_step.new", next=target), 303)
    life = int(CODE_LIFE["second_factor"].total_seconds())
    give_cookie(response, "half", entry.secret, path=HALF, httponly=True, max_age=life)
    return response


def half_signed_in():
    """The secret of a sign-in that waits for its second factor."""
    return request.cookies.get(cookie_name("half", HALF), "")


def end_half(response):
    give_cookie(response, "half", "", path=HALF, httponly=True, max_age=0)


def known_browser():
    """The secret of a browser that is remembered."""
    return request.cookies.get(cookie_name("remembered"), "")


def remember_browser(response, secret):
    life = int(REMEMBERED.total_seconds())
    give_cookie(response, "remembered", secret, httponly=True, max_age=life)


def next_page():
    return safe_next_url(request.values.get("next"))


def site():
    """For which passkeys are made, or None: browsers keep them for names alone, and only over TLS
    or on the machine itself."""
    base = urlsplit(current_app.config["BASE_URL"])
    named = any(letter.isalpha() for letter in base.hostname) and ":" not in base.hostname
    safe = base.scheme == "https" or base.hostname == "localhost"
    return Site(base.hostname, f"{base.scheme}://{base.netloc}") if named and safe else None
