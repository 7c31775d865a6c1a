"""Cookies, by names that browsers keep to this host."""

from flask import (
    current_app,
)


def cookie_name(name, path="/"):
    """Over TLS a name that a browser takes only for this host, or at least only over TLS."""
    if not current_app.config["BASE_URL"].startswith("https://"):
        return name
    return f"__Host-{name}" if path == "/" else f"__Secure-{name}"


def give_cookie(response, name, value, path="/", **more):
    _give(response, cookie_name(name, path), value, path=path, **more)


def give_session(response, secret):
    """The cookie by which a session is known."""
    _give(response, current_app.config["SIGN_IN_COOKIE"], secret, path="/", httponly=True)


def _give(response, name, value, **more):
    secure = current_app.config["BASE_URL"].startswith("https://")
    response.set_cookie(name, value, samesite="Lax", secure=secure, **more)
