"""Keep a list's filter under a name, and forget it."""

from urllib.parse import parse_qsl, urlencode

from flask import redirect, url_for

from models.people.saved_filter import SavedFilter
from views.web.auth import staff_only
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_choice, form_text
from views.web.idempotency import idempotent
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint("filters", __name__, url_prefix="/filters", menu=None, help="01-overview")
PAGES = ("documents", "customers", "products", "payments", "reminders", "people", "archive")


@bp.post("/")
@staff_only
@idempotent
def create():
    page = form_choice("page", PAGES)
    query = urlencode(
        [(k, v) for k, v in parse_qsl(form_text("query", 800, lines=False)) if k != "after"]
    )
    SavedFilter.keep(person(), page, form_text("name", 60, lines=False), query)
    return redirect(url_for(f"{page}.index") + "?" + query, 303)


@bp.post("/<int:id>/forget")
@staff_only
@idempotent
def forget(id):
    row = get_or_404(sees().filters(), id)
    row.forget()
    return redirect(url_for(f"{row.page}.index"), 303)
