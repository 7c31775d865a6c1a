"""Whether who asks sits at the machine that Danju runs on."""

from urllib.parse import urlsplit

from flask import current_app, request

from models.core.network import is_forwarded, is_loopback


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
