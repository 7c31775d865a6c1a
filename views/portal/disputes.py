"""Complaints as the customer raises, follows, confirms and rates them."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from models.approvals.comment import MOST_BYTES
from models.core.errors import refuse
from models.disputes import LIVE, REASONS, TALKING, Dispute
from views.forms import said, said_amount, said_file, whole
from views.helpers import audience, find, flash_ok, once
from views.lists import Listing, typed
from views.staff.disputes import file_of, paper_and_line
from views.web.scope import sees

bp = Blueprint("portal_disputes", __name__, url_prefix="/portal/disputes")


@bp.get("/")
@audience("contact")
def index():
    page = Listing("disputes", sees().disputes(), {"id": (Dispute.id, "int")}, "-id")
    return render_template("portal/disputes/index.html", listing=page)


@bp.get("/new")
@audience("contact")
def new():
    paper = find(sees().documents(), whole(typed("document"))) if typed("document") else None
    return render_template("portal/disputes/new.html", document=paper, reasons=REASONS)


@bp.post("/")
@audience("contact")
@once
def create():
    paper, line = paper_and_line()
    contact, (data, name) = current_user._get_current_object(), said_file("file", MOST_BYTES)
    row = Dispute.raise_(
        contact,
        customer=contact.customer,
        document=paper,
        line=line,
        reason=request.form.get("reason", ""),
        amount=said_amount("amount", paper.currency if paper else "CNY"),
        text=said("text", 4000),
    )
    if data:
        row.say(contact, "", data=data, filename=name)
    flash_ok(_("We have your complaint and will answer here."))
    return redirect(url_for("portal_disputes.show", id=row.id), 303)


class DisputePage:
    """What a customer can still do about a complaint."""

    def __init__(self, dispute):
        self.dispute = dispute

    @property
    def answered(self):
        return self.dispute.state == "answered"

    @property
    def live(self):
        return self.dispute.state in LIVE

    @property
    def withdrawable(self):
        """By the side that raised it, until it is answered."""
        return self.dispute.contact_id and self.dispute.state in TALKING


@bp.get("/<int:id>")
@audience("contact")
def show(id):
    row = find(sees().disputes(), id)
    return render_template(
        "portal/disputes/show.html",
        page=DisputePage(row),
        dispute=row,
        thread=row.thread(current_user),
    )


@bp.post("/<int:id>/entries")
@audience("contact")
@once
def say(id):
    row, (data, name) = find(sees().disputes(), id), said_file("file", MOST_BYTES)
    row.say(current_user._get_current_object(), said("text", 4000), data=data, filename=name)
    return redirect(url_for("portal_disputes.show", id=id), 303)


@bp.get("/entries/<int:id>/file")
@audience("contact")
def file(id):
    return file_of(id)


@bp.post("/<int:id>/agreement")
@audience("contact")
@once
def agree(id):
    """The answer is accepted, with stars if they like."""
    stars = request.form.get("rating", "")
    stars in ("", "1", "2", "3", "4", "5") or refuse("choice_unknown")
    find(sees().disputes(), id).agree(
        current_user._get_current_object(), whole(stars) or None, said("text", 1000)
    )
    flash_ok(_("Thank you."))
    return redirect(url_for("portal_disputes.show", id=id), 303)


@bp.post("/<int:id>/objection")
@audience("contact")
@once
def disagree(id):
    find(sees().disputes(), id).disagree(current_user._get_current_object(), said("text", 4000))
    return redirect(url_for("portal_disputes.show", id=id), 303)


@bp.post("/<int:id>/withdrawal")
@audience("contact")
@once
def withdraw(id):
    find(sees().disputes(), id).withdraw(current_user._get_current_object())
    return redirect(url_for("portal_disputes.show", id=id), 303)
