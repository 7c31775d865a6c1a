"""What holds reminders back: holds on a customer or an invoice, and promises to pay."""

from flask import redirect, render_template, request, url_for

from models.core.errors import refuse
from models.documents import Document
from models.dunning import HOLD_REASONS, Hold, Promise
from models.payments import open_balance
from models.receivables.balance import left_of
from views.web.auth import can, staff_only
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_amount, form_chosen, form_day, form_id, form_text, query_id
from views.web.idempotency import idempotent
from views.web.scope import get_customer, get_or_404, person, sees

bp = StaffBlueprint("holds", __name__, url_prefix="/holds", menu="reminders", help="08-reminders")


class HoldsPage:
    """What holds reminders back, and what someone may do about it."""

    def __init__(self, customer, invoice, person, promises):
        self.customer, self.invoice, self.person = customer, invoice, person
        self.promises, self.left = promises, left_of(p.invoice_id for p in promises)

    @property
    def may_hold(self):
        return self.customer and self.person.may("hold")

    @property
    def open_balance(self):
        return open_balance(self.invoice)

    def may_lift(self, hold):
        return hold.is_live and self.person.may("hold")

    def state_of(self, promise):
        return promise.state_at(self.left.get(promise.invoice_id, 0))

    def may_cancel(self, promise):
        return self.state_of(promise) == "live" and self.person.may("hold")


@bp.get("/")
@staff_only
def index():
    """All that holds now, and the promises of late; with ?customer= those of one."""
    customer = get_customer(query_id("customer")) if query_id("customer") else None
    invoice = get_or_404(sees().documents(), query_id("invoice")) if query_id("invoice") else None
    customer = invoice.customer if invoice else customer
    holds, promises = (
        sees().holds().order_by(Hold.id.desc()),
        sees().promises().order_by(Promise.id.desc()),
    )
    if customer:
        holds, promises = (
            holds.where(Hold.customer.in_(customer.group)),
            promises.where(Promise.customer.in_(customer.group)),
        )
    return render_template(
        "staff/holds/index.html",
        page=HoldsPage(customer, invoice, person(), list(promises.limit(100))),
        holds=list(holds.limit(100)),
        customer=customer,
        invoice=invoice,
        reasons=HOLD_REASONS,
    )


@bp.post("/")
@can("hold")
@idempotent
def create():
    customer = get_customer(form_id("customer"))
    of_customer = sees().documents().where(Document.customer.in_(customer.group))
    Hold.place(
        person(),
        customer,
        invoice=form_chosen("invoice", of_customer),
        reason=request.form.get("reason", ""),
        until=form_day("until"),
        note=form_text("note", 500),
    )
    return redirect(url_for("holds.index", customer=customer.id), 303)


@bp.post("/<int:id>/end")
@can("hold")
@idempotent
def lift(id):
    hold = get_or_404(sees().holds(), id)
    hold.lift(person())
    return redirect(url_for("holds.index", customer=hold.customer_id), 303)


@bp.post("/promises")
@can("hold")
@idempotent
def promise():
    """Note what the customer promised by telephone."""
    invoice = get_or_404(sees().documents(), form_id("invoice"))
    amount = form_amount("amount", invoice.currency) or refuse("amount_unreadable")
    Promise.give(
        person(),
        invoice,
        amount,
        form_day("until"),
        form_text("note", 500),
    )
    return redirect(url_for("holds.index", customer=invoice.customer_id), 303)


@bp.post("/promises/<int:id>/end")
@can("hold")
@idempotent
def cancel(id):
    row = get_or_404(sees().promises(), id)
    row.cancel(person())
    return redirect(url_for("holds.index", customer=row.customer_id), 303)
