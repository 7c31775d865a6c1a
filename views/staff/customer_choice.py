"""Choosing a customer in a form: the first by name, and in a large company whatever is typed."""

from flask import render_template, request

from models.adapters import search
from models.customers import Customer
from views.web.auth import staff_only
from views.web.blueprints import StaffBlueprint
from views.web.fields import parse_id, query_text
from views.web.scope import sees

bp = StaffBlueprint(
    "customer_choice",
    __name__,
    url_prefix="/customers/choice",
    menu="customers",
    help="02-customers",
)
MOST, FEW = 200, 50  # offered at once; found by what is typed


def offered(active=False, chosen=""):
    """The customers that a form offers: all of a small company, else the first ones and whichever
    is chosen. The list asks the server as one types where it has MOST or more."""
    rows = sees().customers().order_by(Customer.name)
    first = list((rows.where(Customer.active) if active else rows).limit(MOST))
    ident = parse_id(str(chosen or ""))
    missing = ident and ident not in {row.id for row in first}
    return first + (list(rows.where(Customer.id == ident)) if missing else [])


@bp.get("/")
@staff_only
def index():
    """The options of a customer's list for what was typed."""
    typed, rows = query_text("q"), sees().customers().order_by(Customer.name)
    if typed:
        rows = rows.where(Customer.id.in_(search.find(typed, "customers")))
    if request.args.get("active"):
        rows = rows.where(Customer.active)
    return render_template("staff/customers/choice.html", customers=list(rows.limit(FEW)))
