"""GET /day: a date as people write it, in the form in which fields show it."""

from flask import Blueprint

from views.web.auth import public
from views.web.fields import query_day

bp = Blueprint("days", __name__)


@bp.get("/day")
@public
def show():
    """The day, or nothing where it is none."""
    day = query_day("text")
    return day.isoformat() if day else "", {"Content-Type": "text/plain"}
