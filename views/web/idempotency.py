"""A form that is sent twice has its effect once."""

import contextlib
import functools
import hashlib
import threading

from flask import (
    make_response,
    redirect,
    request,
)
from flask_babel import gettext as _

from models.core.database import db
from models.core.errors import Refused, refuse
from models.core.fields import canonical
from models.core.idempotency import IdempotencyKey
from views.web.errors import error_response
from views.web.scope import person

READERS = 4
_readers = threading.BoundedSemaphore(READERS)


def idempotent(view=None, *, by_content=False, reading=None):
    """The same idempotency key again returns the first outcome; the key and the deed are one
    transaction. `by_content`: only where the same was sent again. A form that is found again by
    the browser's Back, and changed, has the key of its first save, and must not be lost.
    `reading`: what reads the uploads, which takes too long for a transaction; the view calls it
    too, and gets what was read."""
    if view is None:
        return functools.partial(idempotent, by_content=by_content, reading=reading)

    @functools.wraps(view)
    def doing(*args, **kwargs):
        key = request.form.get("idempotency_key", "")
        if not (16 <= len(key) <= 64 and key.isascii() and key.isprintable()):
            return error_response(
                400, _("This form has expired. Go back, reload the page and submit again.")
            )
        by, sent = person(), _digest(request.form)
        if reading:
            _read(reading)
        with db.atomic() as transaction:
            first = IdempotencyKey.first(by, key)
            if first and not (by_content and first.answer.get("sent") != sent):
                if first.route != request.path:
                    return error_response(
                        409, _("This form has already been submitted for another action.")
                    )
                return redirect(first.answer["location"], 303)
            response = make_response(view(*args, **kwargs))
            if response.status_code == 303:
                answer = {"location": response.location, "sent": sent}
                first or IdempotencyKey.remember(by, key, request.path, answer)
            else:
                transaction.rollback()
            return response

    doing.idempotent = True
    return doing


def _read(reading):
    """Read what came with the form. Refused when half of the server's threads wait for files
    already: the others serve those who send none."""
    _readers.acquire(timeout=1) or refuse("reading_busy")
    try:
        with contextlib.suppress(Refused):  # the view is refused the same
            reading()
    finally:
        _readers.release()


def _digest(form):
    """What was typed, as one short text; what is secret is not kept in any way."""
    secret = ("csrf_token", "proof", "proof_answer")
    typed = [[k, form.getlist(k)] for k in form if k not in secret]
    return hashlib.sha256(canonical(typed).encode()).hexdigest()[:32]
