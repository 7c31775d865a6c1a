"""Statements: who has confirmed and who not; one customer's account; freeze, send, remind; PDF and
XLSX."""

import datetime as dt
import io

from flask import (
    Blueprint,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user

from models import blobs, exports
from models.base import Refused, refuse, today
from models.customers import Customer
from models.money import SYMBOLS
from models.receivables.statement import Statement, frozen
from models.receivables.statement_run import StatementRun
from views.amounts import currency_of, day_of
from views.forms import whole
from views.helpers import audience, find, flash_ok, inside, kind_name, once, state_name
from views.lists import Listing, between, typed, typed_id
from views.refusals import sentence, status

bp = Blueprint("statements", __name__, url_prefix="/statements")
STATES = ("unsent", "waiting", "agreed", "differs", "replaced")


def last_month():
    """(first, last) day of the month before this one."""
    last = today().replace(day=1) - dt.timedelta(days=1)
    return last.replace(day=1), last


def in_state(rows, state):
    """The statements that are unsent, wait for an answer, or were answered."""
    if state in ("unsent", "waiting"):
        return rows.where(Statement.state == "open", Statement.sent_at.is_null(state == "unsent"))
    return (
        rows.where(Statement.state == state)
        if state in STATES
        else rows.where(Statement.state != "replaced")
    )


def listing():
    q, rows = typed("q"), current_user.statements().select(Statement, Customer).join(Customer)
    if q:
        rows = rows.where(Statement.number.contains(q) | Customer.name.contains(q))
    if typed_id("customer"):
        rows = rows.where(Statement.customer == typed_id("customer"))
    return Listing(
        "statements",
        between(in_state(rows, typed("state")), Statement.until),
        {
            "id": (Statement.id, "int"),
            "number": (Statement.number, "text"),
            "customer": (Customer.name, "text"),
            "until": (Statement.until, "day"),
            "closing": (Statement.closing, "int"),
        },
        "-id",
    )


@bp.get("/")
@audience("staff")
def index():
    counts = {state: in_state(current_user.statements(), state).count() for state in STATES[:-1]}
    runs = list(current_user.statement_runs().order_by(StatementRun.id.desc()).limit(5))
    since, until = last_month()
    return render_template(
        "staff/statements/index.html",
        listing=listing(),
        shown=shown,
        chosen=request.args,
        counts=counts,
        states=STATES,
        runs=runs,
        since=since,
        until=until,
    )


@bp.get("/export.<any(csv,xlsx):form>")
@audience("staff")
def export(form):
    heads = [
        _("Number"),
        _("Customer"),
        _("From"),
        _("Until"),
        _("Currency"),
        _("Closing balance"),
        _("State"),
        _("Confirmed by"),
    ]
    return listing().as_file(
        form,
        heads,
        lambda s: [
            s.number,
            s.customer.name,
            s.since,
            s.until,
            s.currency,
            exports.amount(s.closing, s.currency),
            state_name(shown(s)),
            s.confirmed_by,
        ],
    )


def shown(statement):
    """The state as people speak of it: an open one is unsent or waits."""
    return (
        ("waiting" if statement.sent_at else "unsent")
        if statement.state == "open"
        else statement.state
    )


@bp.get("/new")
@audience("staff")
def new():
    """One customer's account as it stands now, before it is frozen."""
    customer = (
        find(current_user.customers(), typed_id("customer")) if typed_id("customer") else None
    )
    since, until = last_month()
    if customer is None:
        return render_template(
            "staff/statements/new.html",
            customer=None,
            customers=list(current_user.customers().order_by(Customer.name)),
        )
    try:
        currency = currency_of(typed("currency") or customer.currency)
        first, last = (
            day_of(typed("since") or since.isoformat()),
            day_of(typed("until") or until.isoformat()),
        )
        first <= last or refuse("days_backward")
    except Refused as error:
        return make_response(
            _account(customer, customer.currency, since, until, sentence(error)), status(error)
        )
    return _account(customer, currency, first, last)


def _account(customer, currency, since, until, problem=""):
    return render_template(
        "staff/statements/new.html",
        customer=customer,
        paper=frozen(customer, currency, since, until),
        currency=currency,
        since=since,
        until=until,
        currencies=list(SYMBOLS),
        problem=problem,
    )


@bp.post("/")
@audience("finance")
@once
def create():
    customer = find(current_user.customers(), whole(request.form.get("customer", "")))
    made = Statement.make(
        current_user._get_current_object(),
        customer,
        currency_of(request.form.get("currency", "")),
        day_of(request.form.get("since", "")),
        day_of(request.form.get("until", "")),
        base_url=current_app.config["BASE_URL"],
    )
    return redirect(url_for("statements.show", id=made.id), 303)


@bp.get("/<int:id>")
@audience("staff")
def show(id):
    row = find(current_user.statements(), id)
    state, recipients = shown(row), row.recipients()
    return render_template(
        "staff/statements/show.html",
        may_send=state == "unsent" and current_user.may("statement") and recipients,
        statement=row,
        paper=row.snapshot,
        events=list(row.events),
        state=state,
        recipients=recipients,
        mails=row.mails(),
    )


@bp.get("/<int:id>/pdf")
@audience("staff")
def pdf(id):
    return pdf_of(find(current_user.statements(), id))


def pdf_of(row):
    """The confirmed copy once there is one, else the statement as it was sent."""
    return send_file(
        io.BytesIO(blobs.fetch(row.confirmed_paper or row.paper)),
        mimetype="application/pdf",
        download_name=f"{row.number}.pdf",
    )


@bp.get("/<int:id>/xlsx")
@audience("staff")
def xlsx(id):
    return xlsx_of(find(current_user.statements(), id))


def xlsx_of(row):
    """The frozen rows as a sheet, opening and closing balance included."""
    paper = row.snapshot
    sum_ = lambda value: exports.amount(value, paper["currency"]) if value else None  # noqa: E731
    total = lambda value: exports.amount(value, paper["currency"])  # noqa: E731
    heads = [
        _("Date"),
        _("Kind"),
        _("Number"),
        _("Reference"),
        _("Debit"),
        _("Credit side"),
        _("Balance"),
        _("Currency"),
        _("Customer's mark"),
    ]
    rows = [
        [
            paper["since"],
            _("Opening balance"),
            "",
            "",
            None,
            None,
            total(paper["opening"]),
            paper["currency"],
            "",
        ]
    ]
    for i, r in enumerate(paper["rows"]):
        mark = row.mark_of(i)
        said = (
            f"{total(mark['amount'])} {mark['reason']}"
            if mark
            else _("agreed")
            if row.confirmed_at
            else ""
        )
        rows.append(
            [
                r["date"],
                kind_name(r["kind"]),
                r["number"],
                r["note"],
                sum_(r["debit"]),
                sum_(r["credit"]),
                total(r["balance"]),
                paper["currency"],
                said,
            ]
        )
    rows.append(
        [
            paper["until"],
            _("Closing balance"),
            "",
            "",
            None,
            None,
            total(paper["closing"]),
            paper["currency"],
            row.confirmed_by,
        ]
    )
    return send_file(
        io.BytesIO(exports.xlsx_bytes(heads, rows, row.number)),
        as_attachment=True,
        download_name=f"{row.number}.xlsx",
    )


@bp.post("/<int:id>/sending")
@audience("finance")
@once
def send(id):
    find(current_user.statements(), id).send(
        current_user._get_current_object(), base_url=current_app.config["BASE_URL"]
    )
    flash_ok(_("The statement is on its way."))
    return redirect(url_for("statements.show", id=id), 303)


@bp.post("/reminders")
@audience("finance")
@once
def remind():
    """Ask those that are ticked once more."""
    ids, done, refusals = {whole(i) for i in request.form.getlist("ids")[:500]}, 0, []
    rows = list(
        current_user.statements().where(Statement.id.in_(ids or [0])).order_by(Statement.id)
    ) or refuse("nothing_chosen")
    for row in rows:
        try:
            row.remind(current_user._get_current_object(), base_url=current_app.config["BASE_URL"])
            done += 1
        except Refused as error:
            refusals.append(f"{row.number}: {sentence(error)}")
    flash_ok(_("%(n)s reminded.", n=done) + (" " + " ".join(refusals[:10]) if refusals else ""))
    return redirect(inside(request.form.get("next")), 303)
