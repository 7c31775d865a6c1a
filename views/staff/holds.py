"""What holds reminders back: holds on a customer or an invoice, and promises to pay."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user

from models.base import refuse
from models.documents import Document
from models.dunning import HOLD_REASONS, Hold, Promise
from views.forms import said, said_amount, said_day, whole
from views.helpers import audience, find, once
from views.lists import typed_id

bp = Blueprint("holds", __name__, url_prefix="/holds")


class HoldsPage:
    """What holds reminders back, and what someone may do about it."""

    def __init__(self, customer, invoice, person):
        self.customer, self.invoice, self.person = customer, invoice, person

    @property
    def may_hold(self):
        return self.customer and self.person.may("hold")

    @property
    def open_balance(self):
        return self.invoice.open_balance()

    def may_lift(self, hold):
        return hold.is_live and self.person.may("hold")

    def may_cancel(self, promise):
        return promise.state == "live" and self.person.may("hold")


@bp.get("/")
@audience("staff")
def index():
    """All that holds now, and the promises of late; with ?customer= those of one."""
    customer = (
        find(current_user.customers(), typed_id("customer")) if typed_id("customer") else None
    )
    invoice = find(current_user.documents(), typed_id("invoice")) if typed_id("invoice") else None
    customer = invoice.customer if invoice else customer
    holds, promises = (
        current_user.holds().order_by(Hold.id.desc()),
        current_user.promises().order_by(Promise.id.desc()),
    )
    if customer:
        holds, promises = (
            holds.where(Hold.customer == customer.id),
            promises.where(Promise.customer == customer.id),
        )
    return render_template(
        "staff/holds/index.html",
        page=HoldsPage(customer, invoice, current_user),
        holds=list(holds.limit(100)),
        promises=list(promises.limit(100)),
        customer=customer,
        invoice=invoice,
        reasons=HOLD_REASONS,
    )


@bp.post("/")
@audience("sales", "manager", "finance")
@once
def create():
    customer = find(current_user.customers(), whole(request.form.get("customer", "")))
    invoice = _invoice(customer) if request.form.get("invoice") else None
    Hold.place(
        current_user._get_current_object(),
        customer,
        invoice=invoice,
        reason=request.form.get("reason", ""),
        until=said_day("until"),
        note=said("note", 500),
    )
    return redirect(url_for("holds.index", customer=customer.id), 303)


@bp.post("/<int:id>/end")
@audience("sales", "manager", "finance")
@once
def lift(id):
    hold = find(current_user.holds(), id)
    hold.lift(current_user._get_current_object())
    return redirect(url_for("holds.index", customer=hold.customer_id), 303)


@bp.post("/promises")
@audience("sales", "manager", "finance")
@once
def promise():
    """Note what the customer promised by telephone."""
    invoice = find(current_user.documents(), whole(request.form.get("invoice", "")))
    amount = said_amount("amount", invoice.currency) or refuse("amount_unreadable")
    Promise.give(
        current_user._get_current_object(), invoice, amount, said_day("until"), said("note", 500)
    )
    return redirect(url_for("holds.index", customer=invoice.customer_id), 303)


@bp.post("/promises/<int:id>/end")
@audience("sales", "manager", "finance")
@once
def cancel(id):
    row = find(current_user.promises(), id)
    row.cancel(current_user._get_current_object())
    return redirect(url_for("holds.index", customer=row.customer_id), 303)


def _invoice(customer):
    return find(
        current_user.documents().where(Document.customer == customer.id),
        whole(request.form.get("invoice", "")),
    )
