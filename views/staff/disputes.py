"""Complaints: the list, one with its thread, raising one for a customer, and how it ends."""

import functools

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from models.adapters import blobs, spreadsheets
from models.approvals.comment import MOST_BYTES
from models.core.clock import now
from models.core.errors import refuse
from models.customers import Customer
from models.disputes import LIVE, REASONS, Dispute, DisputeEntry
from models.disputes.figures import standing
from models.documents import Document
from models.people import User
from views.lists import Listing, between
from views.staff.customer_choice import offered
from views.staff.dispute_page import DisputePage
from views.web.auth import can, staff_only
from views.web.blueprints import StaffBlueprint
from views.web.fields import (
    form_amount,
    form_chosen,
    form_id,
    form_text,
    query_id,
    query_text,
)
from views.web.idempotency import idempotent
from views.web.kept_files import send_kept
from views.web.labels import reason_name, state_name
from views.web.pages import flash_ok
from views.web.scope import get_customer, get_or_404, person, sees
from views.web.uploads import attached, takes_files

bp = StaffBlueprint(
    "disputes", __name__, url_prefix="/disputes", menu="disputes", help="08-reminders"
)
attachment = functools.partial(attached, "file", MOST_BYTES)
STATES = ("open", "answered", "mediation", "legal", "settled", "withdrawn")
SORTS = {
    "id": (Dispute.id, "int"),
    "customer": (Customer.name, "text"),
    "reason": (Dispute.reason, "text"),
    "state": (Dispute.state, "text"),
    "amount": (Dispute.amount, "int"),
}


def listing():
    """The complaints one sees, narrowed and sorted by the query string."""
    q, rows = query_text("q"), sees().disputes().select(Dispute, Customer).join(Customer)
    if q:
        documents = Document.select(Document.id).where(Document.number.contains(q))
        rows = rows.where(
            Customer.name.contains(q) | Dispute.text.contains(q) | Dispute.document.in_(documents)
        )
    state = query_text("state")
    if state in STATES:
        rows = rows.where(Dispute.state == state)
    elif state == "live":
        rows = rows.where(Dispute.state.in_(LIVE))
    elif state == "late":
        rows = rows.where(Dispute.id.in_(Dispute.late().select(Dispute.id)))
    if query_text("reason") in REASONS:
        rows = rows.where(Dispute.reason == query_text("reason"))
    if query_text("owner") == "me":
        rows = rows.where(Dispute.owner == person().id)
    return Listing("disputes", between(rows, Dispute.raised_at), SORTS, "-id")


@bp.get("/")
@staff_only
def index():
    return render_template(
        "staff/disputes/index.html",
        listing=listing(),
        chosen=request.args,
        states=("live", "late", *STATES),
        reasons=REASONS,
        standing=standing(sees().disputes()),
    )


@bp.get("/export.<any(csv,xlsx):form>")
@staff_only
def export(form):
    heads = [
        _("Number"),
        _("Customer"),
        _("Document"),
        _("Reason"),
        _("State"),
        _("Currency"),
        _("Amount"),
        _("Raised"),
        _("Message"),
        _("Answer"),
        _("Rating"),
        _("Preventive action"),
    ]
    return listing().as_file(
        form,
        heads,
        lambda d: [
            d.number,
            d.customer.name,
            d.document.number if d.document else "",
            reason_name(d.reason),
            state_name(d.state),
            d.currency,
            spreadsheets.amount(d.amount, d.currency) if d.currency else None,
            d.raised_at.date(),
            d.text,
            d.explanation,
            d.rating,
            d.prevention,
        ],
    )


@bp.get("/new")
@can("dispute")
def new():
    """The form for a complaint that came by telephone or mail, on a paper or on a customer."""
    document = None
    if query_text("document"):
        document = get_or_404(sees().documents(), query_id("document"))
    customer = (
        document.customer
        if document
        else get_customer(query_id("customer"))
        if query_text("customer")
        else None
    )
    return render_template(
        "staff/disputes/new.html",
        document=document,
        customer=customer,
        reasons=REASONS,
        people=_people(),
        customers=[] if customer else offered(active=True),
    )


@bp.post("/")
@can("dispute")
@idempotent
def create():
    customer = get_customer(form_id("customer"))
    document, line = paper_and_line()
    owner = _colleague() if request.form.get("owner") else None
    row = Dispute.raise_(
        person(),
        customer=customer,
        document=document,
        line=line,
        text=form_text("text", 4000),
        reason=request.form.get("reason", ""),
        amount=form_amount("amount", (document or customer).currency, empty=None),
        owner=owner,
    )
    return redirect(url_for("disputes.show", id=row.id), 303)


@bp.get("/<int:id>")
@staff_only
def show(id):
    row = get_or_404(sees().disputes(), id)
    return render_template(
        "staff/disputes/show.html",
        page=DisputePage(row, person()),
        dispute=row,
        thread=row.thread(person()),
        events=list(row.events),
        people=_people(),
        moment_now=now(),
    )


@bp.post("/<int:id>/entries")
@takes_files(MOST_BYTES // 2**20)
@can("dispute")
@idempotent(reading=attachment)
def say(id):
    row, (data, name) = get_or_404(sees().disputes(), id), attachment()
    row.say(
        person(),
        form_text("text", 4000),
        bool(request.form.get("internal")),
        data,
        name,
    )
    return redirect(url_for("disputes.show", id=id), 303)


@bp.get("/entries/<int:id>/file")
@staff_only
def file(id):
    return file_of(id)


def file_of(id):
    """What was attached to a remark that the reader, of whichever side, may see."""
    entry = get_or_404(sees().dispute_entries().where(DisputeEntry.file.is_null(False)), id)
    return send_kept(blobs.fetch(entry.file), entry.filename)


@bp.post("/<int:id>/answer")
@can("dispute")
@idempotent
def answer(id):
    """How it goes on: explained, corrected by papers, price lowered, mediation, the lawyers."""
    row, how, text = (
        get_or_404(sees().disputes(), id),
        request.form.get("how", ""),
        form_text("text", 4000),
    )
    by = person()
    if how == "adjusted":
        row.adjust(
            by,
            form_amount("amount", row.currency or row.customer.currency)
            or refuse("amount_unreadable"),
            text,
        )
    else:
        {
            "explained": row.explain,
            "credited": row.correct,
            "mediation": row.mediate,
            "legal": row.go_to_law,
        }.get(how, lambda *_: refuse("choice_unknown"))(by, text)
    flash_ok(
        _("Both drafts are created. They are approved and issued as usual.")
        if how == "credited"
        else _("Saved.")
    )
    return redirect(url_for("disputes.show", id=id), 303)


@bp.post("/<int:id>/settlement")
@can("dispute")
@idempotent
def settle(id):
    get_or_404(sees().disputes(), id).settle(person(), form_text("text", 4000))
    return redirect(url_for("disputes.show", id=id), 303)


@bp.post("/<int:id>/withdrawal")
@can("dispute")
@idempotent
def withdraw(id):
    get_or_404(sees().disputes(), id).withdraw(person(), form_text("text", 4000))
    return redirect(url_for("disputes.show", id=id), 303)


@bp.post("/<int:id>/owner")
@can("dispute")
@idempotent
def hand_over(id):
    get_or_404(sees().disputes(), id).hand_over(person(), _colleague())
    return redirect(url_for("disputes.show", id=id), 303)


@bp.post("/<int:id>/prevention")
@can("dispute")
@idempotent
def learn(id):
    get_or_404(sees().disputes(), id).learn(person(), form_text("text", 4000))
    return redirect(url_for("disputes.show", id=id), 303)


def _colleague():
    return User.colleague(form_id("owner")) or refuse("no_such_person")


def _people():
    return [u for u in User.select(User.id, User.name).where(User.active).order_by(User.name)]


def paper_and_line():
    """What the form names: a paper within sight, and one of its lines."""
    document = form_chosen("document", sees().documents())
    return document, form_chosen("line", document.lines) if document else None
