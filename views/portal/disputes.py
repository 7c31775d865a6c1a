"""Complaints as the customer raises, follows, confirms and rates them."""

import functools

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from models.approvals.comment import MOST_BYTES
from models.disputes import LIVE, REASONS, TALKING, Dispute
from views.lists import Listing
from views.staff.disputes import file_of, paper_and_line
from views.web.auth import contacts_only
from views.web.blueprints import PortalBlueprint
from views.web.fields import (
    form_amount,
    form_choice,
    form_text,
    parse_id,
    query_id,
    query_text,
)
from views.web.idempotency import idempotent
from views.web.pages import flash_ok
from views.web.scope import get_or_404, person, sees
from views.web.uploads import attached, takes_files

bp = PortalBlueprint(
    "portal_disputes", __name__, url_prefix="/portal/disputes", menu="portal_disputes"
)
attachment = functools.partial(attached, "file", MOST_BYTES)


@bp.get("/")
@contacts_only
def index():
    page = Listing("disputes", sees().disputes(), {"id": (Dispute.id, "int")}, "-id")
    return render_template("portal/disputes/index.html", listing=page)


@bp.get("/new")
@contacts_only
def new():
    document = None
    if query_text("document"):
        document = get_or_404(sees().documents(), query_id("document"))
    return render_template("portal/disputes/new.html", document=document, reasons=REASONS)


@bp.post("/")
@takes_files(MOST_BYTES // 2**20)
@contacts_only
@idempotent(reading=attachment)
def create():
    document, line = paper_and_line()
    contact, (data, name) = person(), attachment()
    row = Dispute.raise_(
        contact,
        customer=contact.customer,
        document=document,
        line=line,
        reason=request.form.get("reason", ""),
        amount=form_amount("amount", (document or contact.customer.leading).currency, empty=None),
        text=form_text("text", 4000),
    )
    if data:
        row.say(contact, "", data=data, filename=name)
    flash_ok(_("We have received your dispute and will reply here."))
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
@contacts_only
def show(id):
    row = get_or_404(sees().disputes(), id)
    return render_template(
        "portal/disputes/show.html",
        page=DisputePage(row),
        dispute=row,
        thread=row.thread(person()),
    )


@bp.post("/<int:id>/entries")
@takes_files(MOST_BYTES // 2**20)
@contacts_only
@idempotent(reading=attachment)
def say(id):
    row, (data, name) = get_or_404(sees().disputes(), id), attachment()
    row.say(person(), form_text("text", 4000), data=data, filename=name)
    return redirect(url_for("portal_disputes.show", id=id), 303)


@bp.get("/entries/<int:id>/file")
@contacts_only
def file(id):
    return file_of(id)


@bp.post("/<int:id>/agreement")
@contacts_only
@idempotent
def agree(id):
    """The answer is accepted, with stars if they like."""
    stars = form_choice("rating", ("", "1", "2", "3", "4", "5"))
    get_or_404(sees().disputes(), id).agree(
        person(), parse_id(stars) or None, form_text("text", 1000)
    )
    flash_ok(_("Thank you."))
    return redirect(url_for("portal_disputes.show", id=id), 303)


@bp.post("/<int:id>/objection")
@contacts_only
@idempotent
def disagree(id):
    get_or_404(sees().disputes(), id).disagree(person(), form_text("text", 4000))
    return redirect(url_for("portal_disputes.show", id=id), 303)


@bp.post("/<int:id>/withdrawal")
@contacts_only
@idempotent
def withdraw(id):
    get_or_404(sees().disputes(), id).withdraw(person())
    return redirect(url_for("portal_disputes.show", id=id), 303)
