"""Payments: list, record, reverse."""
import datetime as dt

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from models import exports
from models.base import Refused, refuse, today
from models.customers import Customer
from models.documents import Document
from models.money import SYMBOLS, parse_money
from models.payments import Payment
from views.forms import said, whole
from views.helpers import audience, find, once, state_name
from views.lists import Listing, between, typed
from views.refusals import sentence, status

bp = Blueprint("payments", __name__, url_prefix="/payments")


def listing():
    """The payments one sees, narrowed and sorted by the query string."""
    q, rows = typed("q"), current_user.payments().select(Payment, Customer).join(Customer)
    if q:
        rows = rows.where(Payment.number.contains(q) | Payment.reference.contains(q) | Customer.name.contains(q))
    if typed("state") in ("confirmed", "reversed"):
        rows = rows.where(Payment.state == typed("state"))
    return Listing("payments", between(rows, Payment.received_on),
                   {"id": (Payment.id, "int"), "number": (Payment.number, "text"), "customer": (Customer.name, "text"),
                    "date": (Payment.received_on, "day"), "amount": (Payment.amount, "int")}, "-id")


@bp.get("/")
@audience("staff")
def index():
    return render_template("staff/payments/index.html", listing=listing(), chosen=request.args)


@bp.get("/export.<any(csv,xlsx):form>")
@audience("staff")
def export(form):
    heads = [_("Number"), _("Customer"), _("Date"), _("State"), _("Currency"), _("Amount"), _("Reference"), _("Reason")]
    return listing().as_file(form, heads, lambda p: [p.number, p.customer.name, p.received_on, state_name(p.state), p.currency,
                                                     exports.amount(p.amount, p.currency), p.reference, p.reverse_reason])


@bp.get("/new")
@audience("finance")
def new():
    chosen = request.args.get("customer", "")
    return _page(find(current_user.customers(), whole(chosen)) if chosen else None, {}, "")


@bp.post("/")
@audience("finance")
@once
def create():
    customer = find(current_user.customers(), whole(request.form.get("customer", "")))
    try:
        Payment.receive(current_user, customer, **_read(customer))
    except Refused as error:
        return make_response(_page(customer, request.form, sentence(error)), status(error))
    return redirect(url_for("payments.index"), 303)


def _read(customer):
    """The payment as typed. Refused when a part of it cannot be read, or belongs to a stranger's invoice."""
    currency = request.form.get("currency", customer.currency)
    currency in SYMBOLS or refuse("currency_unknown")
    own = {f"part-{i.id}": i for i in current_user.documents().where(Document.customer == customer.id,
                                                                     Document.kind == "invoice")}
    try:
        day = dt.date.fromisoformat(request.form.get("received_on") or today().isoformat())
    except ValueError:
        refuse("day_unreadable")
    day.year >= 1900 or refuse("day_unreadable")
    parts = [(own.get(name) or refuse("not_yours"), _amount(text, currency)) for name, text in request.form.items()
             if name.startswith("part-") and text.strip()]
    return {"currency": currency, "amount": _amount(request.form.get("amount", ""), currency), "received_on": day,
            "reference": said("reference", 200, lines=False), "allocations": [(i, part) for i, part in parts if part]}


def _amount(text, currency):
    try:
        return parse_money(text, currency)
    except ValueError:
        refuse("amount_unreadable")


def _page(customer, typed, problem):
    invoices = []
    if customer:
        query = current_user.documents().where(Document.customer == customer.id, Document.kind == "invoice",
                                               Document.state.in_(("issued", "archived"))).order_by(Document.due_on)
        invoices = [i for i in query if i.open_balance() > 0]
    return render_template("staff/payments/new.html", customer=customer, invoices=invoices, typed=typed, problem=problem,
                           customers=list(current_user.customers().order_by(Customer.name)), today=today())


@bp.post("/<int:id>/reversal")
@audience("finance")
@once
def reverse(id):
    find(current_user.payments(), id).reverse(by=current_user, reason=said("reason", 500))
    return redirect(url_for("payments.index"), 303)
