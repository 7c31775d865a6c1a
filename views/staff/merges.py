"""Merging two rows of one customer, with what it changes said before; and separating them."""

from flask import redirect, render_template, url_for
from flask_babel import gettext as _

from models.core.errors import refuse
from models.core.money import format_money
from models.customers import Customer, duplicates
from models.dunning.separation_preview import SeparationPreview
from models.receivables.merge_preview import MergePreview, particulars
from views.staff.duplicates import REASONS
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.events.changes import field_name
from views.web.fields import form_chosen, query_id, query_text
from views.web.idempotency import idempotent
from views.web.pages import flash_ok
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "merges", __name__, url_prefix="/customers", menu="customers", help="02-customers"
)
MOST = 20


@bp.get("/<int:id>/merging")
@can("write_customer")
def new(id):
    lesser = get_or_404(sees().customers(), id)
    if query_id("into"):
        greater = get_or_404(sees().customers().where(Customer.id != id), query_id("into"))
        preview = MergePreview(lesser, greater)
        fields = [_field(greater, *difference) for difference in preview.differences]
        return render_template("staff/merges/new.html", p=preview, fields=fields)
    found = _candidates(lesser, query_text("q"))
    return render_template(
        "staff/merges/choose.html",
        customer=lesser,
        found=found,
        particulars=particulars([row for row, _kinds in found]),
        reasons=REASONS,
    )


def _candidates(customer, q):
    """[(customer, why)] to choose from: those searched for, else those that are alike."""
    if not q:
        typed = {name: getattr(customer, name) for name in duplicates.COMPARED}
        return duplicates.alike(person(), customer, **typed)
    rows = sees().customers().where(Customer.id != customer.id)
    rows = rows.where(Customer.name.contains(q) | (Customer.code == q))
    return [(row, []) for row in rows.order_by(Customer.name).limit(MOST)]


def _field(greater, name, lesser_value, value):
    """(what the field is called, what the lesser one has, what stays)"""
    label = {"billing": _("Address"), "delivery": _("Delivery address")}.get(name)
    shown = [_text(name, each, greater.currency) for each in (lesser_value, value)]
    return (label or field_name("Customer", name), *shown)


def _text(name, value, currency):
    if value in (None, "", []):
        return "–"
    if name == "owner":
        return value.name
    if name == "credit_limit":
        return format_money(value, currency)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return ", ".join(value) if isinstance(value, list) else str(value)


@bp.post("/<int:id>/merging")
@can("write_customer")
@idempotent
def create(id):
    lesser = get_or_404(sees().customers(), id)
    greater = form_chosen("into", sees().customers()) or refuse("customer_needed")
    lesser.merge_into(person(), greater)
    flash_ok(_("Merged: %(name)s is now shown here.", name=lesser.name))
    return redirect(url_for("customers.show", id=greater.id), 303)


@bp.get("/<int:id>/separation")
@can("write_customer")
def separation(id):
    merged = sees().customers_and_merged().where(Customer.main.is_null(False))
    preview = SeparationPreview(get_or_404(merged, id))
    return render_template("staff/merges/separation.html", p=preview)


@bp.post("/<int:id>/separation")
@can("write_customer")
@idempotent
def destroy(id):
    lesser = get_or_404(sees().customers_and_merged(), id)
    was = lesser.leading
    lesser.separate(person())
    flash_ok(_("Separated: %(name)s is a separate customer again.", name=lesser.name))
    return redirect(url_for("customers.show", id=was.id), 303)
