"""Payments: list, page, record, confirm what customers report, reverse."""

from flask import (
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _

from models.adapters import blobs, search, spreadsheets
from models.core import filenames
from models.core.clock import today
from models.core.errors import Refused
from models.core.money import SYMBOLS, format_money
from models.customers import Customer
from models.documents import Document
from models.numbering import as_counted
from models.payments import Payment
from models.payments.write_off import WriteOff
from models.receivables.standing import totals
from views.allocations import open_invoices, parts_of
from views.list_words import holds
from views.lists import Listing, between
from views.refusals import sentence, status
from views.staff.customer_choice import offered
from views.staff.new_payment import NewPayment, spread
from views.staff.receivables import mine
from views.web.auth import can, staff_only
from views.web.blueprints import StaffBlueprint
from views.web.fields import (
    form_amount,
    form_choice,
    form_chosen,
    form_currency,
    form_day,
    form_id,
    form_text,
    parse_id,
    query_id,
    query_text,
)
from views.web.idempotency import idempotent
from views.web.kept_files import send_kept
from views.web.labels import state_name
from views.web.pages import flash_ok
from views.web.scope import get_customer, get_or_404, person, sees

bp = StaffBlueprint(
    "payments", __name__, url_prefix="/payments", menu="payments", help="07-payment"
)
STATES = ("reported", "confirmed", "declined", "reversed")


def listing():
    """The payments one sees, narrowed and sorted by the query string."""
    rows = sees().payments().select(Payment, Customer).join(Customer)
    for word in search.words(query_text("q")):
        rows = rows.where(holds(Payment, word))
    if query_text("state") in STATES:
        rows = rows.where(Payment.state == query_text("state"))
    if query_id("customer"):
        rows = rows.where(Payment.customer.in_(Customer.group_of(query_id("customer"))))
    return Listing(
        "payments",
        between(rows, Payment.received_on),
        {
            "id": (Payment.id, "int"),
            "number": (as_counted(Payment.number), "text"),
            "customer": (Customer.name, "text"),
            "date": (Payment.received_on, "day"),
            "amount": (Payment.amount, "int"),
        },
        "-id",
    )


@bp.get("/")
@staff_only
def index():
    waiting = (
        list(sees().payments().where(Payment.is_reported()).order_by(Payment.id).limit(50))
        if not request.args
        else []
    )
    return render_template(
        "staff/payments/index.html",
        listing=listing(),
        chosen=request.args,
        states=STATES,
        waiting=waiting,
        owed=totals(mine()),
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
        _("Bank fees"),
        _("Reference"),
        _("Reason"),
    ]
    return listing().as_file(
        form,
        heads,
        lambda p: [
            p.name,
            p.customer.name,
            p.received_on,
            state_name(p.state),
            p.currency,
            spreadsheets.amount(p.amount, p.currency),
            spreadsheets.amount(p.charges, p.currency),
            p.reference,
            p.reverse_reason,
        ],
    )


class PaymentPage:
    """A payment, and what someone may do with it."""

    def __init__(self, payment, person):
        self.payment, self.pays = payment, person.may("pay")
        self.left = payment.unallocated()

    @property
    def confirmed(self):
        return self.payment.state == "confirmed"

    @property
    def may_confirm(self):
        return self.payment.state == "reported" and self.pays

    @property
    def may_use(self):
        """Whether something is left to settle by, or to give back."""
        return self.confirmed and self.pays and self.left

    @property
    def may_reverse(self):
        return self.confirmed and self.pays


@bp.get("/<int:id>")
@staff_only
def show(id):
    return _show(get_or_404(sees().payments(), id))


def _show(payment, problem="", typed=None, code=200):
    page = PaymentPage(payment, person())
    settles = page.may_confirm or page.may_reverse
    invoices = open_invoices(sees(), payment.customer.group, payment.currency) if settles else []
    wanted = (
        {
            f"part-{i.id}": spreadsheets.amount(part, payment.currency)
            for i, part in payment.proposal()
        }
        if payment.state == "reported"
        else {}
    )
    return make_response(
        render_template(
            "staff/payments/show.html",
            page=page,
            payment=payment,
            invoices=invoices,
            problem=problem,
            typed=typed if typed is not None else wanted,
            allocations=list(payment.allocations),
            refunds=list(payment.refunds),
            events=payment.activity(),
            today=today(),
        ),
        code,
    )


@bp.get("/<int:id>/slip")
@staff_only
def slip(id):
    return slip_of(get_or_404(sees().payments(), id))


def slip_of(payment):
    """The customer's proof of payment; a picture or PDF, never run by the browser as a page."""
    data = blobs.fetch(payment.slip) if payment.slip else abort(404)
    kind = "pdf" if data[:4] == b"%PDF" else "png" if data[:4] == b"\x89PNG" else "jpg"
    name = filenames.of_kind(payment.slip_name or f"slip-{payment.id}", kind)
    return send_kept(data, name, shown=True)


@bp.get("/new")
@can("pay")
def new():
    invoice = get_or_404(_invoices(), query_id("invoice")) if query_text("invoice") else None
    chosen = query_text("customer")
    if not invoice and not chosen:
        return render_template("staff/payments/choose.html", customers=offered())
    customer = invoice.customer.leading if invoice else get_customer(parse_id(chosen))
    currency = invoice.currency if invoice else query_text("currency")
    currency = currency if currency in SYMBOLS else customer.currency
    return _page(NewPayment(customer, currency, {}, invoice))


def _invoices():
    given_out = Document.state.in_(("issued", "archived"))
    return sees().documents().where(Document.kind == "invoice", given_out)


@bp.post("/")
@can("pay")
@idempotent
def create():
    customer = get_customer(form_id("customer"))
    own = _invoices().where(Document.customer.in_(customer.group))
    invoice = form_chosen("invoice", own)
    try:
        payment = Payment.receive(person(), customer, **_read(customer))
    except Refused as error:
        currency = form_choice("currency", SYMBOLS) if "currency" in request.form else ""
        form = NewPayment(customer, currency or customer.currency, request.form, invoice)
        return make_response(_page(form, error), status(error))
    flash_ok(_recorded(payment))
    if invoice:
        return redirect(url_for("documents.show", id=invoice.id), 303)
    return redirect(url_for("payments.show", id=payment.id), 303)


def _recorded(payment):
    """What to tell of a new payment, also what was not allocated of it."""
    said = _(
        "%(sum)s %(currency)s recorded as %(number)s.",
        sum=format_money(payment.amount, payment.currency),
        currency=payment.currency,
        number=payment.number,
    )
    if not (left := payment.unallocated()):
        return said
    rest = _("%(sum)s of it stays as unapplied credit.", sum=format_money(left, payment.currency))
    return f"{said} {rest}"


def _read(customer):
    """The payment as typed. Refused when a part of it cannot be read, or belongs to a stranger's
    invoice."""
    currency = form_currency(customer.currency)
    amount = form_amount("amount", currency)
    parts = parts_of(person(), customer.id, currency)
    return {
        "currency": currency,
        "amount": amount,
        "received_on": form_day("received_on", empty=today()),
        "charges": form_amount("charges", currency, empty=0),
        "allocations": spread(open_invoices(sees(), customer.group, currency), amount, parts),
        "reference": form_text("reference", 200, lines=False),
    }


def _page(form, error=None):
    return render_template(
        "staff/payments/new.html",
        form=form,
        today=today(),
        asks=error and error.code == "left_over",
        problem=sentence(error) if error else "",
    )


@bp.post("/<int:id>/confirmation")
@can("pay")
@idempotent
def confirm(id):
    """The reported money is there."""
    payment = get_or_404(sees().payments(), id)
    try:
        payment.confirm(
            person(),
            form_amount("amount", payment.currency),
            form_day("received_on", empty=today()),
            parts_of(person(), payment.customer_id, payment.currency),
            form_amount("charges", payment.currency, empty=0),
        )
    except Refused as error:
        return _show(
            get_or_404(sees().payments(), id), sentence(error), request.form, status(error)
        )
    flash_ok(_("The payment is confirmed."))
    return redirect(url_for("payments.show", id=id), 303)


@bp.post("/<int:id>/refusal")
@can("pay")
@idempotent
def decline(id):
    get_or_404(sees().payments(), id).decline(by=person(), reason=form_text("reason", 500))
    return redirect(url_for("payments.show", id=id), 303)


@bp.post("/<int:id>/allocations")
@can("pay")
@idempotent
def allocate(id):
    """Settle further invoices with what is left."""
    payment = get_or_404(sees().payments(), id)
    try:
        for invoice, part in parts_of(person(), payment.customer_id, payment.currency):
            payment.allocate(person(), invoice, part)
    except Refused as error:
        return _show(
            get_or_404(sees().payments(), id), sentence(error), request.form, status(error)
        )
    return redirect(url_for("payments.show", id=id), 303)


@bp.post("/<int:id>/reversal")
@can("pay")
@idempotent
def reverse(id):
    get_or_404(sees().payments(), id).reverse(by=person(), reason=form_text("reason", 500))
    return redirect(url_for("payments.show", id=id), 303)


class WriteOffsPage:
    """What someone may do with what was given up."""

    def __init__(self, rows, person):
        self.rows, self.person = rows, person

    def may_decide(self, row):
        return row.may_decide(self.person)

    def may_reverse(self, row):
        return row.state == "approved" and self.person.may("pay")


@bp.get("/write-offs")
@staff_only
def write_offs():
    """What was given up, and what waits for a second person."""
    rows = sees().write_offs().order_by((WriteOff.state == "asked").desc(), WriteOff.id.desc())
    page = WriteOffsPage(list(rows.limit(300)), person())
    return render_template("staff/payments/write_offs.html", page=page)
