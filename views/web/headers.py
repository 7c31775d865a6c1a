"""What every answer tells the browser to do, and not to do."""

from urllib.parse import urlsplit

from flask import request
from werkzeug.routing import RequestRedirect

# The same for everybody: they say themselves how long they may be kept.
PUBLIC = {"static", "styles.show", "styles.icon", "portal_home.logo"}
UNUSED = (  # what no page asks of a browser
    "accelerometer autoplay bluetooth browsing-topics camera display-capture encrypted-media "
    "geolocation gyroscope hid magnetometer microphone midi payment serial usb xr-spatial-tracking"
)
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


def guards(https):
    """The headers that guard any answer, also one that the server gives before a page is asked."""
    headers = {
        "Content-Security-Policy": POLICY,
        "Permissions-Policy": ", ".join(f"{name}=()" for name in UNUSED.split()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if https:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return headers


def protect(response, https):
    for name, value in guards(https).items():
        response.headers.setdefault(name, value)
    response.vary.update(("HX-Request", "Cookie"))
    if request.endpoint not in PUBLIC or response.status_code >= 400:
        # Set anew: for a file Flask has said `no-cache`, which lets a browser keep it on the disk.
        response.headers["Cache-Control"] = "no-store, private"
    if isinstance(request.routing_exception, RequestRedirect):
        response.location = _without_host(response.location)
        response.data = ""  # it names the host too
    return response


def _without_host(address):
    """The router copies the host that was asked for, which anybody may make up, and knows no https
    of a proxy."""
    parts = urlsplit(address)
    path = "/" + parts.path.lstrip("/\\")
    return f"{path}?{parts.query}" if parts.query else path
