"""The drop box of tax invoices: drop, see what they are matched to, say it by hand, see which
invoices lack theirs."""

from flask import abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from models.archive import EInvoice, ExternalFile, tax_invoice, tax_invoice_reading
from models.core.errors import Refused
from models.customers import Customer
from models.documents import Document
from models.numbering import as_counted
from views.lists import Listing
from views.refusals import sentence, status
from views.staff.external_files import uploads
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_ids, form_text, query_text
from views.web.idempotency import idempotent
from views.web.labels import headed
from views.web.pages import flash_no, flash_ok
from views.web.scope import get_or_404, person, sees
from views.web.uploads import or_refuse, outcome, read_once

bp = StaffBlueprint(
    "einvoices", __name__, url_prefix="/archive/einvoices", menu="archive", help="10-filing"
)
MOST_CHOICES = 50
SORTS = {
    "id": (EInvoice.id, "int"),
    "number": (as_counted(EInvoice.number), "text"),
    "date": (EInvoice.issued_on, "day"),
    "total": (EInvoice.total, "int"),
}


@bp.get("/")
@can("drop_einvoice")
def index():
    return _page()


def _page(problem="", code=200, typed=None):
    rows = (
        sees()
        .einvoices()
        .select(EInvoice, Document, Customer)
        .left_outer_join(Document)
        .left_outer_join(Customer)
    )
    open_ = [
        (e, list(tax_invoice.near(e.total, e.buyer_tax_id).limit(20)))
        for e in sees().einvoices().where(EInvoice.invoice.is_null()).limit(50)
    ]
    as_pdf = {d.id for d in tax_invoice.as_pdf().select(Document.id)}
    lacking = list(
        tax_invoice.without_original()
        .select(Document, Customer)
        .join(Customer)
        .order_by(Document.issued_on)
        .limit(100)
    )
    return make_response(
        render_template(
            "staff/einvoices/index.html",
            listing=Listing("einvoices", rows, SORTS, "-id"),
            unmatched=open_,
            waiting=_waiting(),
            typed=typed or {},
            lacking=lacking,
            as_pdf=as_pdf,
            lacking_count=tax_invoice.without_original().count(),
            problem=problem,
        ),
        code,
    )


def _waiting():
    """(file, what was read of it) of the PDFs that a person must type."""
    rows = list(
        tax_invoice.waiting()
        .where(ExternalFile.id.in_(sees().external_files().select(ExternalFile.id)))
        .limit(5)
    )
    return [(file, tax_invoice.prefilled(file)) for file in rows]


@read_once
def _readings():
    """[(name, what was read of it, or why it could not be)] of the uploads."""
    return [(name, outcome(tax_invoice_reading.read, data)) for name, data in uploads()]


@bp.post("/")
@can("drop_einvoice")
@idempotent(reading=_readings)
def create():
    """Each file by itself: one that is refused keeps back no other."""
    try:
        files = _readings()
    except Refused as error:
        return _page(sentence(error), status(error))
    done, waiting, refusals = 0, 0, []
    for name, reading in files:
        try:
            if EInvoice.drop(person(), or_refuse(reading), name):
                done += 1
            else:
                waiting += 1
        except Refused as error:
            refusals.append(headed(name, sentence(error)))
    if not done and not waiting:
        return _page(" ".join(refusals), 409)
    if done:
        flash_ok(ngettext("1 tax invoice imported.", "%(num)s tax invoices imported.", done))
    if waiting:
        flash_ok(
            _(
                "PDFs archived: %(n)s. Some details could not be read; please enter them below.",
                n=waiting,
            )
        )
    for text in refusals:
        flash_no(text)
    return redirect(url_for(".index"), 303)


@bp.get("/<int:id>/assignment")
@can("drop_einvoice")
def assignment(id):
    """Choose by hand among all invoices of the buyer."""
    return _choice(get_or_404(sees().einvoices().where(EInvoice.invoice.is_null()), id))


def _choice(row, chosen=None, problem="", code=200):
    """What was chosen stays chosen and comes first, whatever was searched for since."""
    found = tax_invoice.choices(row.total, row.buyer_tax_id, query_text("q"))
    chosen = chosen or []
    ids = [d.id for d in chosen]
    return make_response(
        render_template(
            "staff/einvoices/assignment.html",
            row=row,
            chosen=chosen,
            found=list(found.where(Document.id.not_in(ids or [0])).limit(MOST_CHOICES)),
            difference=row.difference(chosen) if chosen else 0,
            problem=problem,
        ),
        code,
    )


@bp.post("/<int:id>/assignment")
@can("drop_einvoice")
@idempotent
def assign(id):
    row = get_or_404(sees().einvoices(), id)
    ids = form_ids("document", MOST_CHOICES)
    chosen = list(sees().documents().where(Document.id.in_(ids or [0])).order_by(Document.id))
    len(chosen) == len(ids) or abort(404)
    try:
        row.assign(person(), *chosen, differing="differing" in request.form)
    except Refused as error:
        if row.invoice_id:
            raise
        return _choice(row, chosen, sentence(error), status(error))
    flash_ok(_("Saved."))
    return redirect(url_for(".index"), 303)


@bp.post("/<int:id>/release")
@can("drop_einvoice")
@idempotent
def release(id):
    """Take a wrong assignment back."""
    get_or_404(sees().einvoices(), id).release(person(), form_text("reason", 500))
    flash_ok(_("Match undone. The tax invoice is unmatched again."))
    return redirect(url_for(".index"), 303)


@bp.post("/files/<int:id>/description")
@can("drop_einvoice")
@idempotent
def describe(id):
    """What a person reads in a PDF that we could not."""
    file = get_or_404(sees().external_files(), id)
    typed = {
        name: request.form.get(name, "").strip()
        for name in ("number", "seller", "buyer", "day", "total")
    }
    try:
        EInvoice.describe(person(), file, **typed)
    except Refused as error:
        return _page(sentence(error), status(error), {id: typed})
    flash_ok(ngettext("1 tax invoice imported.", "%(num)s tax invoices imported.", 1))
    return redirect(url_for(".index"), 303)
