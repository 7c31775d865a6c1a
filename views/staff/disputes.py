"""Complaints: the list, one with its thread, raising one for a customer, and how it ends."""

import io

from flask import Blueprint, abort, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_login import current_user

from models.adapters import blobs, spreadsheets
from models.approvals.comment import MOST_BYTES
from models.core.clock import now
from models.core.errors import refuse
from models.customers import Customer
from models.disputes import LIVE, REASONS, Dispute, DisputeEntry
from models.documents import Document, Line
from models.people import User
from views.forms import said, said_amount, said_file, whole
from views.helpers import audience, find, flash_ok, once, reason_name, state_name
from views.lists import Listing, between, typed
from views.staff.dispute_page import DisputePage
from views.web.scope import sees

bp = Blueprint("disputes", __name__, url_prefix="/disputes")
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
    q, rows = typed("q"), sees().disputes().select(Dispute, Customer).join(Customer)
    if q:
        papers = Document.select(Document.id).where(Document.number.contains(q))
        rows = rows.where(
            Customer.name.contains(q) | Dispute.text.contains(q) | Dispute.document.in_(papers)
        )
    state = typed("state")
    if state in STATES:
        rows = rows.where(Dispute.state == state)
    elif state == "live":
        rows = rows.where(Dispute.state.in_(LIVE))
    elif state == "late":
        rows = rows.where(Dispute.id.in_(Dispute.late().select(Dispute.id)))
    if typed("reason") in REASONS:
        rows = rows.where(Dispute.reason == typed("reason"))
    if typed("owner") == "me":
        rows = rows.where(Dispute.owner == current_user.id)
    return Listing("disputes", between(rows, Dispute.raised_at), SORTS, "-id")


@bp.get("/")
@audience("staff")
def index():
    return render_template(
        "staff/disputes/index.html",
        listing=listing(),
        chosen=request.args,
        states=("live", "late", *STATES),
        reasons=REASONS,
    )


@bp.get("/export.<any(csv,xlsx):form>")
@audience("staff")
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
        _("What was changed"),
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
@audience("sales", "manager", "finance")
def new():
    """The form for a complaint that came by telephone or mail, on a paper or on a customer."""
    paper = find(sees().documents(), whole(typed("document"))) if typed("document") else None
    customer = (
        paper.customer
        if paper
        else find(sees().customers(), whole(typed("customer")))
        if typed("customer")
        else None
    )
    return render_template(
        "staff/disputes/new.html",
        document=paper,
        customer=customer,
        reasons=REASONS,
        people=_people(),
        customers=[]
        if customer
        else list(sees().customers().where(Customer.active).order_by(Customer.name)),
    )


@bp.post("/")
@audience("sales", "manager", "finance")
@once
def create():
    customer = find(sees().customers(), whole(request.form.get("customer", "")))
    paper, line = paper_and_line()
    owner = _colleague() if request.form.get("owner") else None
    row = Dispute.raise_(
        current_user._get_current_object(),
        customer=customer,
        document=paper,
        line=line,
        text=said("text", 4000),
        reason=request.form.get("reason", ""),
        amount=said_amount("amount", paper.currency if paper else "CNY"),
        owner=owner,
    )
    return redirect(url_for("disputes.show", id=row.id), 303)


@bp.get("/<int:id>")
@audience("staff")
def show(id):
    row = find(sees().disputes(), id)
    return render_template(
        "staff/disputes/show.html",
        page=DisputePage(row, current_user),
        dispute=row,
        thread=row.thread(current_user),
        events=list(row.events),
        people=_people(),
        moment_now=now(),
    )


@bp.post("/<int:id>/entries")
@audience("sales", "manager", "finance")
@once
def say(id):
    row, (data, name) = find(sees().disputes(), id), said_file("file", MOST_BYTES)
    row.say(
        current_user._get_current_object(),
        said("text", 4000),
        bool(request.form.get("internal")),
        data,
        name,
    )
    return redirect(url_for("disputes.show", id=id), 303)


@bp.get("/entries/<int:id>/file")
@audience("staff")
def file(id):
    return file_of(id)


def file_of(id):
    """What was attached to a remark that the reader, of whichever side, may see."""
    entry = find(sees().dispute_entries().where(DisputeEntry.file.is_null(False)), id)
    return send_file(
        io.BytesIO(blobs.fetch(entry.file)), as_attachment=True, download_name=entry.filename
    )


@bp.post("/<int:id>/answer")
@audience("sales", "manager", "finance")
@once
def answer(id):
    """How it goes on: explained, corrected by papers, price lowered, mediation, the lawyers."""
    row, how, text = (
        find(sees().disputes(), id),
        request.form.get("how", ""),
        said("text", 4000),
    )
    by = current_user._get_current_object()
    if how == "adjusted":
        row.adjust(
            by, said_amount("amount", row.currency or "CNY") or refuse("amount_unreadable"), text
        )
    else:
        {
            "explained": row.explain,
            "credited": row.correct,
            "mediation": row.mediate,
            "legal": row.go_to_law,
        }.get(how, lambda *_: refuse("choice_unknown"))(by, text)
    flash_ok(
        _("The two drafts are made. They are approved and issued like any other.")
        if how == "credited"
        else _("Saved.")
    )
    return redirect(url_for("disputes.show", id=id), 303)


@bp.post("/<int:id>/settlement")
@audience("sales", "manager", "finance")
@once
def settle(id):
    find(sees().disputes(), id).settle(current_user._get_current_object(), said("text", 4000))
    return redirect(url_for("disputes.show", id=id), 303)


@bp.post("/<int:id>/withdrawal")
@audience("sales", "manager", "finance")
@once
def withdraw(id):
    find(sees().disputes(), id).withdraw(current_user._get_current_object(), said("text", 4000))
    return redirect(url_for("disputes.show", id=id), 303)


@bp.post("/<int:id>/owner")
@audience("sales", "manager", "finance")
@once
def hand_over(id):
    find(sees().disputes(), id).hand_over(current_user._get_current_object(), _colleague())
    return redirect(url_for("disputes.show", id=id), 303)


@bp.post("/<int:id>/prevention")
@audience("sales", "manager", "finance")
@once
def learn(id):
    find(sees().disputes(), id).learn(current_user._get_current_object(), said("text", 4000))
    return redirect(url_for("disputes.show", id=id), 303)


def _colleague():
    return User.colleague(whole(request.form.get("owner", ""))) or refuse("no_such_person")


def _people():
    return [u for u in User.select(User.id, User.name).where(User.active).order_by(User.name)]


def paper_and_line():
    """What the form names: a paper within sight, and one of its lines."""
    if not request.form.get("document"):
        return None, None
    paper = find(sees().documents(), whole(request.form.get("document", "")))
    if not request.form.get("line"):
        return paper, None
    return paper, paper.lines.where(
        Line.id == whole(request.form.get("line", ""))
    ).first() or abort(404)
