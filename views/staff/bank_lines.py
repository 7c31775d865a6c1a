"""Bank statements: take a file in, book the certain lines together, the doubtful one by one."""

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from models.adapters import blobs, spreadsheets
from models.bank.bank_file import BankFile
from models.bank.line import BankLine
from models.bank.matching import Matching
from models.company import Company
from models.core.database import db
from models.core.errors import Refused, refuse
from models.core.money import SYMBOLS
from models.customers import Customer
from models.documents import Document
from models.payments import Payment
from views.allocations import open_invoices, parts_of
from views.refusals import sentence, status
from views.staff.customer_choice import offered
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.fields import (
    form_amount,
    form_chosen,
    form_currency,
    form_file,
    form_id,
    form_ids,
    form_text,
    page_of,
    parse_id,
)
from views.web.idempotency import idempotent
from views.web.labels import headed
from views.web.pages import flash_ok
from views.web.scope import get_customer, get_or_404, person, sees

bp = StaffBlueprint(
    "bank_lines", __name__, url_prefix="/bank-lines", menu="bank_lines", help="07-payment"
)
PAGE = 100
TIERS = ("certain", "likely", "doubtful")


def reasons():
    return {
        "number": _("invoice no. in the reference, same amount"),
        "number_other_payer": _("invoice number in the text, but another payer"),
        "number_other_amount": _("invoice number in the text, but another amount"),
        "account_amount": _("payer's account, amount of one invoice"),
        "name_amount": _("payer's name, amount of one invoice"),
        "all_open": _("the payer's whole open balance"),
        "several_equal": _("several invoices of this amount"),
        "reported": _("the customer reported it"),
        "payer": _("only the payer is known"),
        "amount": _("only the amount fits"),
        "amounts": _("the amount fits several customers"),
        "": _("no match"),
    }


def tier_names():
    return {"certain": _("Certain"), "likely": _("Likely"), "doubtful": _("One by one")}


@bp.get("/")
@can("pay")
def index():
    return _page()


def _page(problem="", code=200):
    lines = sees().bank_lines()
    judged = _judged(lines)
    groups = {tier: [x for x in judged if _tier(x[1]) == tier] for tier in TIERS}
    wanted = request.args.get("tier", "")
    tier = wanted if wanted in TIERS else next((t for t in TIERS if groups[t]), "certain")
    page, pages = page_of(len(groups[tier]), PAGE)
    shown = groups[tier][(page - 1) * PAGE : page * PAGE]
    names = dict(
        sees()
        .customers()
        .select(Customer.id, Customer.name)
        .where(Customer.id.in_({p.customer for _l, p in shown if p.customer} or [0]))
        .tuples()
    )
    return make_response(
        render_template(
            "staff/bank_lines/index.html",
            waiting=len(judged),
            groups=groups,
            tier=tier,
            tier_names=tier_names(),
            shown=shown,
            page=page,
            pages=pages,
            names=names,
            reasons=reasons(),
            done=list(lines.where(BankLine.state != "new").order_by(BankLine.id.desc()).limit(50)),
            files=_latest_files(),
            problem=problem,
            currencies=list(SYMBOLS),
            currency=Company.current().currency,
        ),
        code,
    )


def _latest_files():
    """Without what was found in them, which may be long."""
    columns = (BankFile.filename, BankFile.state, BankFile.counts, BankFile.by, BankFile.at)
    rows = sees().bank_files().select(BankFile.id, *columns)
    return list(rows.order_by(BankFile.id.desc()).limit(10))


def _judged(lines):
    """[(line, proposal)] of all that wait; the oldest are proposed for first."""
    waiting = list(lines.where(BankLine.state == "new").order_by(BankLine.booked_on, BankLine.id))
    matching = Matching() if waiting else None  # which reads all customers
    return [(line, matching.propose(line)) for line in waiting]


def _tier(proposal):
    """The list that a proposal stands in."""
    return proposal.tier if proposal.can_be_booked else "doubtful"


@bp.post("/")
@can("pay")
def create():
    """Read a file; not in one transaction with the key of the form, as reading takes its time. Sent
    twice it is two readings, of which one comes in."""
    data, name = form_file("file", blobs.MOST_BYTES)
    try:
        row = BankFile.upload(person(), name, data, form_currency())
    except Refused as error:
        return _page(sentence(error), status(error))
    return redirect(url_for("bank_files.show", id=row.id), 303)


@bp.post("/bookings")
@can("pay")
@idempotent
def book_certain():
    """Book each ticked line whose proposal is still certain, or still the one that was looked at;
    every outcome is told."""
    ids = form_ids("ids", PAGE)
    lines = list(
        sees()
        .bank_lines()
        .where(BankLine.id.in_(ids or [0]), BankLine.state == "new")
        .order_by(BankLine.booked_on, BankLine.id)
    )
    lines or refuse("nothing_chosen")
    matching, done, refusals = Matching(), 0, []
    for line in lines:
        found = matching.propose(line)
        try:
            looked_at = found.can_be_booked and request.form.get(f"seen-{line.id}") == found.key
            found.tier == "certain" or looked_at or refuse("not_certain")
            with db.atomic():
                _book(line, found)
            found.tier == "certain" or matching.reserve(line, found)
            done += 1
        except Refused as error:
            refusals.append(headed(line.name, sentence(error)))
    flash_ok(
        _("Payments recorded: %(n)s.", n=done) + (" " + " ".join(refusals[:10]) if refusals else "")
    )
    return redirect(url_for("bank_lines.index"), 303)


def _book(line, found):
    papers = {
        d.id: d
        for d in sees().documents().where(Document.id.in_([i for i, _n, _a in found.parts] or [0]))
    }
    reported = (
        sees().payments().where(Payment.id == found.reported).first() if found.reported else None
    )
    line.book(
        person(),
        get_or_404(sees().customers(), found.customer),
        [(papers[i], amount) for i, _n, amount in found.parts],
        reported=reported,
    )


@bp.get("/<int:id>")
@can("pay")
def show(id):
    return _line(get_or_404(sees().bank_lines(), id))


def _line(line, problem="", typed=None, code=200):
    found = Matching().propose(line) if line.state == "new" else None
    chosen = (
        parse_id((typed or request.args).get("customer", "")) or (found and found.customer) or 0
    )
    customer = get_customer(chosen) if chosen else None
    proposed = (
        {f"part-{i}": spreadsheets.amount(amount, line.currency) for i, _n, amount in found.parts}
        if found and chosen == found.customer
        else {}
    )
    reported = list(
        sees()
        .payments()
        .where(
            Payment.state == "reported",
            Payment.customer.in_(Customer.group_of(chosen)),
            Payment.currency == line.currency,
        )
    )
    return make_response(
        render_template(
            "staff/bank_lines/show.html",
            line=line,
            found=found,
            customer=customer,
            reasons=reasons(),
            problem=problem,
            reported=reported,
            typed=proposed if typed is None else typed,
            events=list(line.events),
            chosen_report=found.reported if found else None,
            invoices=open_invoices(sees(), customer.group, line.currency)
            if customer and line.state == "new"
            else [],
            customers=offered(chosen=chosen) if line.state == "new" else [],
        ),
        code,
    )


@bp.post("/<int:id>/booking")
@can("pay")
@idempotent
def book(id):
    line = get_or_404(sees().bank_lines(), id)
    customer = get_customer(form_id("customer"))
    try:
        told = form_chosen(
            "reported", sees().payments().where(Payment.customer.in_(customer.group))
        )
        line.book(
            person(),
            customer,
            parts_of(person(), customer.id, line.currency),
            form_amount("charges", line.currency, empty=0),
            told,
        )
    except Refused as error:
        return _line(
            get_or_404(sees().bank_lines(), id), sentence(error), request.form, status(error)
        )
    flash_ok(_("Payment recorded."))
    return redirect(url_for("bank_lines.index"), 303)


@bp.post("/<int:id>/aside")
@can("pay")
@idempotent
def ignore(id):
    get_or_404(sees().bank_lines(), id).ignore(by=person(), reason=form_text("reason", 500))
    return redirect(url_for("bank_lines.show", id=id), 303)


@bp.post("/<int:id>/return")
@can("pay")
@idempotent
def reopen(id):
    """Look again at a line that was set aside; a booked one comes back by reversing its payment."""
    get_or_404(sees().bank_lines().where(BankLine.state == "set_aside"), id).reopen(person())
    return redirect(url_for("bank_lines.show", id=id), 303)
