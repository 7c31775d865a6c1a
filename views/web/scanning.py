"""The bytes of a file from a request, which the virus scanner has looked at where there is one."""

import hashlib

from flask import request

from models.adapters import scanner
from models.core.errors import Refused
from models.operations.unchecked_file import UncheckedFile
from models.people import log, named
from views.web.scope import person


def content(upload, most):
    """The bytes of an upload; one more than `most` is read, so that it is refused."""
    return looked_at(upload.read(most + 1), most, upload.filename)


def looked_at(data, most, name):
    """The same bytes. Refused when the scanner finds something, or cannot look; both are told in
    the security log. What is too large is refused anyway, without it."""
    if len(data) > most:
        return data
    try:
        if not scanner.checked(data):
            sha = hashlib.sha256(data).hexdigest()
            UncheckedFile.note(sha, name)
            log.warning("file taken unchecked: %s, by %s", sha[:12], _sender())
    except Refused as error:
        what = error.facts.get("name") or error.code.replace("_", " ")
        log.warning("file refused by the virus scanner: %s, by %s", what, _sender())
        raise
    return data


def _sender():
    return f"{named(person())} from {request.remote_addr}"
