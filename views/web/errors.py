"""Error pages: what went wrong, what was typed, what can be done."""

from flask import (
    make_response,
    render_template,
    request,
)
from flask_babel import gettext as _

from views.web.addresses import parent_page
from views.web.scope import person


def error_response(code, message, typed=(), more=""):
    """An error page with what was typed, to be sent again, or for htmx the sentences alone."""
    if request.htmx:
        return make_response(
            f"{message} {more}".strip(), code, {"Content-Type": "text/plain; charset=utf-8"}
        )
    return make_response(
        render_template(
            "errors/error.html",
            frame=f"layouts/{_frame(code)}.html",
            code=code,
            title=message,
            message=more,
            request_id="",
            typed=typed,
            back=parent_page(request.path) if request.method == "POST" else "",
        ),
        code,
    )


def _frame(code):
    """Who is signed in keeps the menu around a refusal; a failure shows what needs no database."""
    who = person()
    if code >= 500 or not (who and who.is_authenticated):
        return "plain"
    return "staff" if who.is_staff else "portal"


def no_host_response():
    """400 where the Host header names none: no page can tell its own addresses."""
    return make_response("400 Bad Request\n", 400, {"Content-Type": "text/plain; charset=utf-8"})


def moved_response():
    """503 while the old place still answers after `flask move --switch`; a page without the
    database."""
    return make_response(
        _("Data was moved to another database. Restart with the new settings. Nothing was lost."),
        503,
        {"Content-Type": "text/plain; charset=utf-8", "Retry-After": "60"},
    )


def nothing_saved_because(code):
    """Why nothing can be written, and what can still be done."""
    return {
        "full": _(
            "The server disk is full and nothing was saved. You can still read and download. "
            "Ask your administrator to free space, then try again."
        ),
        "read_only": _(
            "The server disk is read-only and nothing was saved. You can still read and "
            "download, but nobody can sign in. Tell your administrator."
        ),
        "away": _(
            "The file storage does not respond, so nothing was saved and documents can't be "
            "opened. Try again in a few minutes; if it persists, tell your administrator."
        ),
        "gone": _("The database is not responding."),
        "busy": _(
            "Another long operation is using the database, so nothing was saved. You can still "
            "read everything. Please submit again in a moment."
        ),
        "failing": _(
            "A disk error occurred and nothing was saved. Tell your administrator, then try "
            "again later."
        ),
    }[code]


def database_damaged():
    return _(
        "The database is damaged, so this page can't be shown. Ask your administrator to stop "
        "Danju and run flask doctor, which explains how to repair it."
    )


def what_to_do_meanwhile(code):
    """What to do until it is repaired, where nothing_saved_because() does not say so."""
    if code != "gone":
        return ""
    return (
        _("Please try again in a minute. If the problem continues, tell your administrator.")
        if request.method == "GET"
        else _(
            "We can't tell whether this was saved. Try again in a minute; it will not be "
            "processed twice. If it keeps failing, tell your administrator."
        )
    )


def resubmittable_fields(as_it_was=False):
    """[(name, label, value)] of a form that stood on a larger page; nothing when it held no
    words, unless it shall be sent again `as_it_was`."""
    labels = {
        "amount": _("Amount"),
        "paid_on": _("Paid on"),
        "reference": _("Reference"),
        "text": _("Message"),
        "message": _("Message"),
        "reason": _("Reason"),
        "note": _("Note"),
        "name": _("Your name") if _is_signed_by_name() else _("Name"),
        "tag": _("Tag"),
        "since": _("From"),
        "until": _("Until"),
        "day": _("Day"),
    }
    rows = [
        (name, labels.get(name), value)
        for name, value in request.form.items(multi=True)
        if name not in ("csrf_token", "idempotency_key", "password", "old", "proof", "proof_answer")
    ]
    kept = (as_it_was and request.mimetype != "multipart/form-data") or any(
        label for _name, label, _value in rows
    )
    return rows if kept else []


def _is_signed_by_name():
    """Whether customers write their name below what they declare; staff name filters and tags."""
    who = person()
    return not (who and who.is_authenticated and who.is_staff)
