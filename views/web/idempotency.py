"""A form that is sent twice has its effect once."""

import functools

from flask import (
    make_response,
    redirect,
    request,
)
from flask_babel import gettext as _

from models.core.database import db
from models.core.idempotency import IdempotencyKey
from views.web.errors import error_response
from views.web.scope import person


def idempotent(view):
    """The same idempotency key again returns the first outcome; the key and the deed are one
    transaction."""

    @functools.wraps(view)
    def doing(*args, **kwargs):
        key = request.form.get("idempotency_key", "")
        if not (16 <= len(key) <= 64 and key.isascii() and key.isprintable()):
            return error_response(
                400, _("This form is too old. Go back, load the page again and send it once more.")
            )
        who = f"{type(person()).__name__} {person().get_id()}"
        with db.atomic() as transaction:
            first = IdempotencyKey.first(who, key)
            if first:
                if first.route != request.path:
                    return error_response(409, _("This form was already used for something else."))
                return redirect(first.answer["location"], 303)
            response = make_response(view(*args, **kwargs))
            if response.status_code == 303:
                IdempotencyKey.remember(who, key, request.path, {"location": response.location})
            else:
                transaction.rollback()
            return response

    doing.idempotent = True
    return doing
