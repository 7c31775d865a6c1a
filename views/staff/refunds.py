"""Money given back: out of a payment's or a credit note's rest."""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from models.adapters import spreadsheets
from models.core.clock import today
from models.customers import Customer
from models.numbering import as_counted
from models.payments.refund import Refund
from views.lists import Listing, between
from views.web.auth import can, staff_only
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_amount, form_day, form_text, query_text
from views.web.idempotency import idempotent
from views.web.labels import state_name
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint("refunds", __name__, url_prefix="/refunds", menu="payments", help="07-payment")


def listing():
    q, rows = query_text("q"), sees().refunds().select(Refund, Customer).join(Customer)
    if q:
        rows = rows.where(
            Refund.number.contains(q) | Refund.reference.contains(q) | Customer.name.contains(q)
        )
    return Listing(
        "refunds",
        between(rows, Refund.paid_on),
        {
            "id": (Refund.id, "int"),
            "number": (as_counted(Refund.number), "text"),
            "customer": (Customer.name, "text"),
            "date": (Refund.paid_on, "day"),
            "amount": (Refund.amount, "int"),
        },
        "-id",
    )


class RefundsPage:
    """What someone may do with the refunds of the list."""

    def __init__(self, person):
        self.person = person

    def may_reverse(self, refund):
        return refund.state == "confirmed" and self.person.may("pay")


@bp.get("/")
@staff_only
def index():
    return render_template(
        "staff/refunds/index.html",
        page=RefundsPage(person()),
        listing=listing(),
        chosen=request.args,
    )


@bp.get("/export.<any(csv,xlsx):form>")
@staff_only
def export(form):
    heads = [
        _("Number"),
        _("Customer"),
        _("Date"),
        _("State"),
        _("Currency"),
        _("Amount"),
        _("Reference"),
        _("Reason"),
    ]
    return listing().as_file(
        form,
        heads,
        lambda r: [
            r.number,
            r.customer.name,
            r.paid_on,
            state_name(r.state),
            r.currency,
            spreadsheets.amount(r.amount, r.currency),
            r.reference,
            r.reverse_reason,
        ],
    )


@bp.post("/of-payment/<int:id>")
@can("pay")
@idempotent
def of_payment(id):
    return give_back(get_or_404(sees().payments(), id), url_for("payments.show", id=id))


def give_back(source, refund_page):
    Refund.pay(
        person(),
        source,
        form_amount("amount", source.currency),
        form_day("paid_on", empty=today()),
        form_text("reference", 200, lines=False),
    )
    return redirect(refund_page, 303)


@bp.post("/<int:id>/reversal")
@can("pay")
@idempotent
def reverse(id):
    get_or_404(sees().refunds(), id).reverse(by=person(), reason=form_text("reason", 500))
    return redirect(url_for("refunds.index"), 303)
