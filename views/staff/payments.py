"""Payments: list, record, reverse."""
import datetime as dt

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from models.base import Refused, today
from models.customers import Customer
from models.documents import Document
from models.money import parse_money
from models.payments import Payment
from views.helpers import audience, find, once
from views.refusals import sentence

bp = Blueprint("payments", __name__, url_prefix="/payments")


@bp.get("/")
@audience("staff")
def index():
    after = request.args.get("after", "")
    rows = Payment.page(current_user.payments(), [(Payment.id, "desc")], [int(after)] if after.isdigit() else None)
    more = url_for(".index", after=rows[49].id) if len(rows) > 50 else None
    return render_template("staff/payments/index.html", rows=rows[:50], next_url=more)


@bp.get("/new")
@audience("finance")
def new():
    chosen = request.args.get("customer", "")
    return _page(find(current_user.customers(), int(chosen)) if chosen.isdigit() else None, {}, "")


@bp.post("/")
@audience("finance")
@once
def create():
    chosen = request.form.get("customer", "")
    customer = find(current_user.customers(), int(chosen) if chosen.isdigit() else 0)
    currency = request.form.get("currency", customer.currency)[:3]
    try:
        amount = parse_money(request.form.get("amount", ""), currency)
        day = dt.date.fromisoformat(request.form.get("received_on") or today().isoformat())
        parts = []
        for invoice in current_user.documents().where(Document.customer == customer.id, Document.kind == "invoice"):
            text = request.form.get(f"part-{invoice.id}", "").strip()
            if text:
                parts.append((invoice, parse_money(text, currency)))
        parts = [(i, a) for i, a in parts if a]
        Payment.receive(current_user, customer, currency, amount, day, request.form.get("reference", "")[:200],
                        allocations=parts)
    except ValueError:
        return make_response(_page(customer, request.form, _("Give the amounts and the day as numbers, such as 1,234.50 and 2026-11-24.")), 422)
    except Refused as error:
        return make_response(_page(customer, request.form, sentence(error)), 409)
    return redirect(url_for("payments.index"), 303)


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
    find(current_user.payments(), id).reverse(by=current_user, reason=request.form.get("reason", ""))
    return redirect(url_for("payments.index"), 303)
