"""Customers that may be one: a list of them, and a hint while a customer is typed."""

from itertools import combinations

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.core.errors import refuse
from models.customers import Customer, duplicates
from models.receivables import merge_preview
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_ids, query_id, query_text
from views.web.idempotency import idempotent
from views.web.pages import flash_ok
from views.web.scope import get_customer, person, sees

bp = StaffBlueprint(
    "duplicates",
    __name__,
    url_prefix="/customers/duplicates",
    menu="customers",
    help="02-customers",
)
MOST = 50
REASONS = {
    "name": _l("the same name"),
    "near": _l("names that differ only in legal form or punctuation"),
    "tax_id": _l("the same tax ID"),
    "mail": _l("the same email address"),
    "phone": _l("the same phone number"),
}


@bp.get("/")
@can("write_customer")
def index():
    found = duplicates.groups(person())
    shown = [row for group in found[:MOST] for row in group.customers]
    return render_template(
        "staff/duplicates/index.html",
        groups=found[:MOST],
        count=len(found),
        particulars=merge_preview.particulars(shown),
        reasons=REASONS,
    )


@bp.get("/alike")
@can("write_customer")
def alike():
    """What other customers have of that which is being typed."""
    typed = {name: query_text(name, 250) for name in duplicates.COMPARED}
    own = sees().customers().where(Customer.id == query_id("customer")).first()
    if own:
        typed = {name: text for name, text in typed.items() if text != getattr(own, name)}
    return render_template(
        "staff/duplicates/_alike.html",
        alike=duplicates.alike(person(), own, **typed),
        customer=own,
        reasons=REASONS,
    )


@bp.get("/alike-contact")
@can("write_customer")
def alike_contact():
    """Other customers with the mail or phone that is being typed for a contact."""
    customer = get_customer(query_id("customer"))
    typed = {name: query_text(name, 250) for name in ("email", "phone")}
    return render_template(
        "staff/duplicates/_alike_contact.html",
        alike=duplicates.alike(person(), customer, **typed),
        customer=customer,
        reasons=REASONS,
    )


@bp.post("/apart")
@can("write_customer")
@idempotent
def apart():
    """All of these are different ones."""
    rows = list(sees().customers().where(Customer.id.in_(form_ids("ids", 100) or [0])))
    len(rows) >= 2 or refuse("nothing_chosen")
    duplicates.keep_apart(person(), list(combinations(rows, 2)))
    flash_ok(_("Saved: these are different customers."))
    return redirect(url_for("duplicates.index"), 303)
