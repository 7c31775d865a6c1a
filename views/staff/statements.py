"""Statements: who has confirmed and who not; one customer's account; freeze, send, remind; PDF and
XLSX."""

import datetime as dt

from flask import (
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import pgettext

from models.adapters import spreadsheets
from models.core import filenames
from models.core.clock import today
from models.core.errors import Refused, refuse
from models.core.money import SYMBOLS
from models.customers import Customer
from models.numbering import as_counted
from models.receivables.ledger import has_rows
from models.receivables.statement import Statement, frozen_account
from models.receivables.statement_run import StatementRun
from views.lists import Listing, between
from views.refusals import sentence, status
from views.staff.customer_choice import offered
from views.web.addresses import safe_next_url
from views.web.auth import can, staff_only
from views.web.blueprints import StaffBlueprint
from views.web.downloads import send_data, table_file
from views.web.fields import (
    form_currency,
    form_day,
    form_id,
    form_ids,
    parse_currency,
    parse_day,
    query_id,
    query_text,
)
from views.web.idempotency import idempotent
from views.web.labels import headed, kind_name, state_name
from views.web.pages import flash_ok
from views.web.scope import get_customer, get_or_404, person, sees

bp = StaffBlueprint(
    "statements", __name__, url_prefix="/statements", menu="statements", help="07-payment"
)
STATES = ("unsent", "waiting", "agreed", "differs", "replaced")


def last_month():
    """(first, last) day of the month before this one."""
    last = today().replace(day=1) - dt.timedelta(days=1)
    return last.replace(day=1), last


def this_month():
    """(first day, today)."""
    return today().replace(day=1), today()


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
    q, rows = query_text("q"), sees().statements().select(Statement, Customer).join(Customer)
    if q:
        rows = rows.where(Statement.number.contains(q) | Customer.name.contains(q))
    if query_id("customer"):
        rows = rows.where(Statement.customer.in_(Customer.group_of(query_id("customer"))))
    return Listing(
        "statements",
        between(in_state(rows, query_text("state")), Statement.until),
        {
            "id": (Statement.id, "int"),
            "number": (as_counted(Statement.number), "text"),
            "customer": (Customer.name, "text"),
            "until": (Statement.until, "day"),
            "closing": (Statement.closing, "int"),
        },
        "-id",
    )


@bp.get("/")
@staff_only
def index():
    counts = {state: in_state(sees().statements(), state).count() for state in STATES[:-1]}
    runs = list(sees().statement_runs().order_by(StatementRun.id.desc()).limit(5))
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
@staff_only
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
            spreadsheets.amount(s.closing, s.currency),
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
@staff_only
def new():
    """One customer's account as it stands now, before it is frozen."""
    customer = get_customer(query_id("customer")) if query_id("customer") else None
    if customer is None:
        return render_template(
            "staff/statements/new.html",
            customer=None,
            customers=offered(),
        )
    try:
        currency = parse_currency(query_text("currency") or customer.currency)
        since, until = _month_with_something(customer, currency)
        first, last = (
            parse_day(query_text("since") or since.isoformat()),
            parse_day(query_text("until") or until.isoformat()),
        )
        first <= last or refuse("days_backward")
    except Refused as error:
        return make_response(
            _account(customer, customer.currency, *this_month(), sentence(error)), status(error)
        )
    return _account(customer, currency, first, last)


def _month_with_something(customer, currency):
    """The last month, or this one where nothing happened in that."""
    last = last_month()
    return last if has_rows(customer, currency, *last) else this_month()


def _account(customer, currency, since, until, problem=""):
    return render_template(
        "staff/statements/new.html",
        customer=customer,
        paper=frozen_account(customer, currency, since, until),
        currency=currency,
        since=since,
        until=until,
        currencies=list(SYMBOLS),
        problem=problem,
        recipients=Statement.recipients_of(customer),
        months=[(_("Last month"), last_month()), (_("This month"), this_month())],
    )


@bp.post("/")
@can("statement")
@idempotent
def create():
    customer = get_customer(form_id("customer"))
    sends = "and_send" in request.form
    statement = (Statement.make_and_send if sends else Statement.make)(
        person(),
        customer,
        form_currency(),
        form_day("since", empty=today()),
        form_day("until", empty=today()),
        base_url=current_app.config["BASE_URL"],
    )
    if sends:
        flash_ok(_("Statement queued for sending."))
    return redirect(url_for("statements.show", id=statement.id), 303)


@bp.get("/<int:id>")
@staff_only
def show(id):
    row = get_or_404(sees().statements(), id)
    state, recipients = shown(row), row.recipients()
    return render_template(
        "staff/statements/show.html",
        may_send=state == "unsent"
        and person().may("statement")
        and recipients
        and not row.is_of_separated,
        statement=row,
        paper=row.snapshot,
        events=list(row.events),
        state=state,
        recipients=recipients,
        mails=row.mails(),
    )


@bp.get("/<int:id>/pdf")
@staff_only
def pdf(id):
    return pdf_of(get_or_404(sees().statements(), id))


def pdf_of(row):
    """The confirmed copy once there is one, else the statement as it was sent."""
    return send_data(
        row.latest_pdf(),
        mimetype="application/pdf",
        download_name=filenames.pdf_of(row.number),
    )


@bp.get("/<int:id>/xlsx")
@staff_only
def xlsx(id):
    return xlsx_of(get_or_404(sees().statements(), id))


def xlsx_of(row):
    """The frozen rows as a sheet, opening and closing balance included."""
    snapshot = row.snapshot
    sum_ = lambda value: spreadsheets.amount(value, snapshot["currency"]) if value else None  # noqa: E731
    total = lambda value: spreadsheets.amount(value, snapshot["currency"])  # noqa: E731
    heads = [
        _("Date"),
        _("Type"),
        _("Number"),
        _("Reference"),
        _("Debit"),
        pgettext("account", "Credit"),
        pgettext("account", "Balance"),
        _("Currency"),
        _("Customer's reply"),
    ]
    rows = [
        [
            snapshot["since"],
            _("Opening balance"),
            "",
            "",
            None,
            None,
            total(snapshot["opening"]),
            snapshot["currency"],
            "",
        ]
    ]
    for i, r in enumerate(snapshot["rows"]):
        mark = row.mark_of(i)
        description = (
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
                snapshot["currency"],
                description,
            ]
        )
    rows.append(
        [
            snapshot["until"],
            _("Closing balance"),
            "",
            "",
            None,
            None,
            total(snapshot["closing"]),
            snapshot["currency"],
            row.confirmed_by,
        ]
    )
    return table_file(row.number, "xlsx", heads, rows)


@bp.post("/<int:id>/sending")
@can("statement")
@idempotent
def send(id):
    get_or_404(sees().statements(), id).send(person(), base_url=current_app.config["BASE_URL"])
    flash_ok(_("Statement queued for sending."))
    return redirect(url_for("statements.show", id=id), 303)


@bp.post("/reminders")
@can("statement")
@idempotent
def remind():
    """Ask those that are ticked once more."""
    ids, done, refusals = form_ids("ids", 500), 0, []
    rows = list(
        sees().statements().where(Statement.id.in_(ids or [0])).order_by(Statement.id)
    ) or refuse("nothing_chosen")
    for row in rows:
        try:
            row.remind(person(), base_url=current_app.config["BASE_URL"])
            done += 1
        except Refused as error:
            refusals.append(headed(row.number, sentence(error)))
    flash_ok(
        _("Reminders sent: %(n)s.", n=done) + (" " + " ".join(refusals[:10]) if refusals else "")
    )
    return redirect(safe_next_url(request.form.get("next")), 303)
