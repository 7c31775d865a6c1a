"""Responses: a page or its piece, and messages for the next page."""

from flask import (
    flash,
    make_response,
    render_template,
    request,
    session,
)


def render(template, piece=None, status=200, **context):
    """The page, or with htmx only its piece."""
    name = piece if piece and request.htmx else template
    return make_response(render_template(name, **context), status)


def pieces(main, *others, **context):
    return render_template(main, **context) + "".join(
        render_template(other, out_of_band=True, **context) for other in others
    )


def calendar_file(text):
    """An iCalendar file as an answer."""
    return make_response(
        text,
        200,
        {
            "Content-Type": "text/calendar; charset=utf-8",
            "Content-Disposition": "attachment; filename=due.ics",
        },
    )


def flash_ok(text, tone="success"):
    flash(text, tone)
    session.modified = True


def flash_no(text):
    """A message about something that failed."""
    flash_ok(text, "warning")
