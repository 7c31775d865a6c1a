"""What a request says of who sent it: from which address and browser, whether at this machine, and
whether somebody acted."""

import secrets
from urllib.parse import urlsplit

from flask import current_app, g, request
from markupsafe import Markup

from models.core.network import is_forwarded, is_loopback, plain_address
from views.web.cookies import cookie_name

# The header of what a page asks for by itself, on loading or by the clock.
BY_ITSELF = "X-Unattended"
unattended = Markup("""hx-headers='{"%s": "yes"}'""") % BY_ITSELF


def acts(request):
    """Whether somebody asked for this: what a page asks for by itself, again and again, keeps
    nobody signed in."""
    return request.method != "GET" or BY_ITSELF not in request.headers


def with_plain_address(inner):
    """The WSGI app, told each visitor's address in one way, wherever it is judged or kept."""

    def run(environ, start_response):
        environ["REMOTE_ADDR"] = plain_address(environ.get("REMOTE_ADDR", ""))
        return inner(environ, start_response)

    return run


def this_device():
    """The secret by which this browser is known again: the cookie's, or one for it."""
    if "device" not in g:
        g.device = request.cookies.get(cookie_name("device"), "")[:100] or secrets.token_urlsafe(32)
    return g.device


def is_at_this_machine():
    """True where nothing speaks for a proxy between us: behind one on this machine every stranger
    comes from 127.0.0.1. A page of another site that names itself for our address sends its own
    Host; HTTP/1.0 is spoken by no browser, but by nginx to what it stands before."""
    config = current_app.config
    return (
        not config["TRUSTED_PROXY"]
        and is_loopback(urlsplit(config["BASE_URL"]).hostname)
        and is_loopback(request.remote_addr)
        and is_loopback(urlsplit(f"//{request.host}").hostname)
        and not is_forwarded(request.headers.keys())
        and request.environ.get("SERVER_PROTOCOL") != "HTTP/1.0"
    )


def is_demo_open():
    """Whether the demo's password, which everybody knows, opens its accounts to who asks."""
    return current_app.config["DEMO_OPEN"] or is_at_this_machine()
