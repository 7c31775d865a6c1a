"""The palette: acts, pages and rows, the first few of each kind as you type; before that what one
worked on last; on its page more."""

from flask import render_template, request

from models.adapters import search
from models.core.model import first_rows
from models.customers import Customer
from models.documents import Document
from models.insights.customers import names_of
from models.operations.recent import recent
from views.web import commands
from views.web.auth import staff_only
from views.web.blueprints import StaffBlueprint
from views.web.fields import query_text
from views.web.scope import person, sees

bp = StaffBlueprint("search", __name__, url_prefix="/search", menu=None, help="01-overview")
FEW, MANY = 5, 50


@bp.get("/")
@staff_only
def index():
    text, most = query_text("q"), FEW if request.htmx else MANY
    found = _found(text, most) if text else recent(person(), most)
    page = "staff/search/_found.html" if request.htmx else "staff/search/index.html"
    return render_template(
        page,
        text=text,
        found=[(kind, rows) for kind, rows in found.items() if rows],
        customer_names=_customer_names(found),
        begin=commands.begin(text),
        pages=commands.pages(text),
    )


def _customer_names(found):
    """{id: name} of the customers whose documents and contacts are shown."""
    rows = (*found["documents"], *found.get("contacts", ()))
    return names_of({row.customer_id for row in rows})


def _found(text, most):
    """{name of a scope: its rows}. A customer's name also brings the newest papers, found
    by the name as it is today."""
    found = dict(search.seen_by(person(), text, most))
    if found["customers"] and len(found["documents"]) < most:
        known = {d.id for d in found["documents"]}
        others = (
            sees()
            .documents()
            .where(Document.customer.in_(Customer.groups_of([c.id for c in found["customers"]])))
        )
        newest = first_rows(others, [Document.id.desc()], most)
        found["documents"] += [d for d in newest if d.id not in known][: most - len(known)]
    return found
