"""Keep a list's filter under a name, and forget it."""

from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, redirect, request, url_for
from flask_login import current_user

from models.core.errors import refuse
from models.people.saved_filter import SavedFilter
from views.forms import said
from views.helpers import audience, find, once
from views.web.scope import sees

bp = Blueprint("filters", __name__, url_prefix="/filters")
PAGES = ("documents", "customers", "products", "payments", "reminders", "people", "archive")


@bp.post("/")
@audience("staff")
@once
def create():
    page = request.form.get("page", "")
    page in PAGES or refuse("choice_unknown")
    query = urlencode(
        [(k, v) for k, v in parse_qsl(said("query", 800, lines=False)) if k != "after"]
    )
    SavedFilter.keep(current_user, page, said("name", 60, lines=False), query)
    return redirect(url_for(f"{page}.index") + "?" + query, 303)


@bp.post("/<int:id>/forget")
@audience("staff")
@once
def forget(id):
    row = find(sees().filters(), id)
    row.forget()
    return redirect(url_for(f"{row.page}.index"), 303)
