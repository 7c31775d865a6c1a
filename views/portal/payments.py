"""What the customer has paid, and "I have paid" with a slip."""

import functools

from flask import (
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _

from models.core.clock import today
from models.core.errors import Refused
from models.core.money import SYMBOLS, format_money
from models.payments import MOST_SLIP, Payment
from models.receivables.balance import balances
from views.allocations import listed_invoices, parts_of
from views.lists import Listing
from views.portal.document_page import code_of
from views.portal.paying import picture_of, ways_to_pay
from views.refusals import sentence, status
from views.staff.payments import slip_of
from views.web.auth import contacts_only
from views.web.blueprints import PortalBlueprint
from views.web.fields import form_amount, form_currency, form_day, form_text, query_id
from views.web.idempotency import idempotent
from views.web.pages import flash_ok
from views.web.scope import get_or_404, person, sees
from views.web.uploads import attached, takes_files

bp = PortalBlueprint(
    "portal_payments", __name__, url_prefix="/portal/payments", menu="portal_payments"
)
slip_file = functools.partial(attached, "slip", MOST_SLIP)


@bp.get("/")
@contacts_only
def index():
    own = balances(customers=sees().group) if person().sees_company else {}
    return render_template(
        "portal/payments/index.html",
        listing=Listing("payments", sees().payments(), {"id": (Payment.id, "int")}, "-id"),
        ways=_ways(),
        sums={currency: row for (_c, currency), row in own.items()},
    )


@bp.get("/new")
@contacts_only
def new():
    """The invoice from which it is opened is filled in with what is open on it."""
    invoices = _invoices()
    invoice = next((each for each in invoices if each.id == query_id("invoice")), None)
    if not invoice:
        return _page(invoices, {}, "")
    whole = format_money(invoice.left, invoice.currency)
    filled = {"currency": invoice.currency, "amount": whole, f"part-{invoice.id}": whole}
    return _page(invoices, filled, "")


def _invoices():
    return listed_invoices(sees(), sees().group)


def _page(invoices, typed, problem, code=200):
    return make_response(
        render_template(
            "portal/payments/new.html",
            invoices=invoices,
            typed=typed,
            problem=problem,
            today=today(),
            currencies=list(SYMBOLS),
            currency=invoices[0].currency if invoices else person().customer.leading.currency,
        ),
        code,
    )


@bp.post("/")
@takes_files(MOST_SLIP // 2**20)
@contacts_only
@idempotent(reading=slip_file)
def create():
    contact = person()
    try:
        currency = form_currency()
        Payment.report(
            contact,
            currency,
            form_amount("amount", currency),
            form_day("paid_on", empty=today()),
            form_text("reference", 200, lines=False),
            parts_of(contact, contact.customer_id, currency),
            *slip_file(),
        )
    except Refused as error:
        return _page(_invoices(), request.form, sentence(error), status(error))
    flash_ok(_("Thank you. We will confirm here once the payment arrives."))
    return redirect(url_for("portal_payments.index"), 303)


@bp.get("/<int:id>/slip")
@contacts_only
def slip(id):
    return slip_of(get_or_404(sees().payments(), id))


@bp.get("/code/<int:id>.png")
@contacts_only
def code(id):
    """The EPC QR code over what is open now on an invoice."""
    document = get_or_404(sees().documents(), id)
    return code_of(document)


@bp.get("/code.png")
@contacts_only
def code_of_all():
    """The same over all that is owed in euros."""
    return picture_of(_ways())


def _ways():
    return ways_to_pay(_invoices(), url_for("portal_payments.code_of_all"))
