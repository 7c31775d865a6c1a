"""The drop box of tax invoices: drop, see what they are matched to, say it by hand, see which invoices lack theirs."""
from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from models.archive import EInvoice, einvoice
from models.base import Refused
from models.customers import Customer
from models.documents import Document
from views.forms import whole
from views.helpers import audience, find, flash_ok, once
from views.lists import Listing
from views.refusals import sentence, status
from views.staff.external_files import uploads

bp = Blueprint("einvoices", __name__, url_prefix="/archive/einvoices")
WHO = ("finance", "archivist", "admin")
SORTS = {"id": (EInvoice.id, "int"), "number": (EInvoice.number, "text"), "date": (EInvoice.issued_on, "day"), "total": (EInvoice.total, "int")}


@bp.get("/")
@audience(*WHO)
def index():
    return _page()


def _page(problem="", code=200):
    rows = current_user.einvoices().select(EInvoice, Document).left_outer_join(Document)
    open_ = [(e, list(einvoice.candidates(e.total, e.buyer_tax_id).limit(20))) for e in current_user.einvoices().where(EInvoice.invoice.is_null()).limit(50)]
    lacking = list(einvoice.lacking().select(Document, Customer).join(Customer).order_by(Document.issued_on).limit(100))
    return make_response(render_template("staff/einvoices/index.html", listing=Listing("einvoices", rows, SORTS, "-id"), unmatched=open_,
                                         lacking=lacking, lacking_count=einvoice.lacking().count(), problem=problem), code)


@bp.post("/")
@audience(*WHO)
@once
def create():
    """Each file by itself: one that is refused keeps back no other."""
    try:
        files = uploads()
    except Refused as error:
        return _page(sentence(error), status(error))
    done, refusals = 0, []
    for name, data in files:
        try:
            EInvoice.drop(current_user._get_current_object(), data, name)
            done += 1
        except Refused as error:
            refusals.append(f"{name}: {sentence(error)}")
    if not done:
        return _page(" ".join(refusals), 409)
    flash_ok(_("%(n)s tax invoices are taken in.", n=done))
    for text in refusals:
        flash_ok(text)
    return redirect(url_for(".index"), 303)


@bp.post("/<int:id>/assignment")
@audience(*WHO)
@once
def assign(id):
    row = find(current_user.einvoices(), id)
    row.assign(current_user._get_current_object(), find(current_user.documents(), whole(request.form.get("document", ""))))
    return redirect(url_for(".index"), 303)
