"""Files that come with a form. Reading them takes long, so it is done before the transaction of the
view: `@idempotent(reading=…)`."""

import functools

from flask import current_app, request
from flask_babel import gettext as _

from models.adapters import blobs, received
from models.core.errors import Refused, refuse
from views.web.fields import form_file

TOGETHER_MB = 100  # of one request
KEPT = "danju.uploads"  # in the request's environ


def read_once(function):
    """Let the function read what came with the form once for each request: whoever calls it again
    gets the same outcome, also where it refused."""

    @functools.wraps(function)
    def reading(*args):
        kept = request.environ.setdefault(KEPT, {})
        if (function, args) not in kept:
            try:
                kept[function, args] = function(*args), None
            except Refused as error:
                kept[function, args] = None, error
        value, refused = kept[function, args]
        if refused:
            raise refused
        return value

    return reading


def takes_files(mb):
    """Say how many MB a file of the view's form may have, perhaps by a function. Its fields tell
    it before they are sent, and so does the page of a request that is too large."""

    def marked(view):
        view.most_mb = mb
        return view

    return marked


def most_mb(endpoint):
    """How many MB a file of this form may have."""
    most = getattr(current_app.view_functions.get(endpoint), "most_mb", blobs.MOST_BYTES // 2**20)
    return most() if callable(most) else most


def too_large_text():
    """What the page of a request says that is too large."""
    return _(
        "That is too large. A file may have %(mb)s MB, all together %(together)s MB.",
        mb=most_mb(request.endpoint),
        together=TOGETHER_MB,
    )


def outcome(function, data):
    """What the function returns for the bytes of one file among several, or why it refused."""
    try:
        return function(data)
    except Refused as error:
        return error


def or_refuse(outcome):
    """What was read. Refused where it was."""
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


@read_once
def attached(name, most):
    """(what was uploaded as Received, or None; its file name). Refused when it is damaged, or has
    more than so many bytes."""
    data, filename = form_file(name, most)
    len(data) <= most or refuse("attachment_too_large", most=most // 2**20)
    return received.examined(data), filename
