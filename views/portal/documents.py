"""The customer's own documents: list, page, PDF, several as a zip."""

import datetime as dt

from flask import abort, render_template, url_for

from models import dunning
from models.adapters import search
from models.core import disk, filenames
from models.core.clock import today
from models.core.database import SHORT
from models.core.errors import refuse
from models.core.model import present
from models.documents import KINDS, Document
from models.numbering import as_counted
from models.receivables.document_states import document_states
from models.receivables.due_item import DueItem
from views.list_words import holds_itself
from views.lists import Listing, zipped
from views.portal.document_page import DocumentPage
from views.web.auth import contacts_only
from views.web.blueprints import PortalBlueprint
from views.web.downloads import send_data
from views.web.fields import form_ids, parse_id, query_text
from views.web.scope import get_or_404, person, sees
from views.web.sheets import Sheets, serve_sheets

bp = PortalBlueprint(
    "portal_documents", __name__, url_prefix="/portal/documents", menu="portal_documents"
)
MOST = 50


@bp.get("/")
@contacts_only
def index():
    q, kind, state, year = (query_text(n) for n in ("q", "kind", "state", "year"))
    rows = sees().documents()
    for word in search.words(q):
        rows = rows.where(holds_itself(Document, word))
    if kind in KINDS:
        rows = rows.where(Document.kind == kind)
    if state in ("issued", "voided"):
        rows = rows.where(
            Document.state.in_(("issued", "archived") if state == "issued" else ("voided",))
        )
    if state == "open":
        items = DueItem.select(DueItem.document).where(DueItem.is_open())
        rows = rows.where(Document.id.in_(items.where(DueItem.customer.in_(sees().group))))
    years = _years()
    if parse_id(year) in years:
        rows = rows.where(_in_year(parse_id(year)))
    page = Listing(
        "documents",
        rows,
        {
            "id": (Document.id, "int"),
            "number": (as_counted(Document.number), "text"),
            "date": (Document.issued_on, "day"),
            "total": (Document.total, "int"),
        },
        "-id",
    )
    return render_template(
        "portal/documents/index.html",
        listing=page,
        state_of=document_states(page.rows),
        kinds=KINDS,
        years=years,
        q=q,
        kind=kind,
        state=state,
        year=year,
    )


def _years():
    """In which there are documents, the newest first: each is looked up, not all are read."""
    rows = sees().documents().where(Document.issued_on.is_null(False))
    first, last = (
        rows.order_by(by).select(Document.issued_on).tuples().first()
        for by in (Document.issued_on, Document.issued_on.desc())
    )
    years = range(first[0].year, last[0].year + 1) if first else ()
    found = present(**{str(year): rows.where(_in_year(year)) for year in years}) if years else ()
    return sorted(map(int, found), reverse=True)


def _in_year(year):
    return Document.issued_on.between(dt.date(year, 1, 1), dt.date(year, 12, 31))


@bp.get("/<int:id>")
@contacts_only
def show(id):
    document = get_or_404(sees().documents(), id)
    with disk.if_free(SHORT):
        document.record_opening(person())
    about = dunning.collection_status(document, person())
    page = DocumentPage(document, _addresses(id), about)
    return render_template(
        "portal/documents/show.html",
        page=page,
        document=document,
        sheets=Sheets(document, ("portal_documents", id)),
        messages=list(document.messages),
        about=about,
        reported=about["reported"],
        day=today(),
        **page.ways_to_pay(),
    )


def _addresses(id):
    """Where the acts of the page lead."""
    return {
        "pdf": url_for("portal_documents.pdf", id=id),
        "code": url_for("portal_payments.code", id=id),
        "paid": url_for("portal_payments.new", invoice=id),
        "ask": url_for("portal_messages.create", id=id),
        "confirm": url_for("portal_confirmations.create", id=id),
    }


@bp.get("/<int:id>/pdf")
@contacts_only
def pdf(id):
    document = get_or_404(sees().documents(), id)
    return send_data(
        document.stamped_pdf(),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=filenames.pdf_of(document.number),
    )


serve_sheets(bp, contacts_only, lambda id: get_or_404(sees().documents(), id))


@bp.post("/zip")
@contacts_only
def several():
    ids = form_ids("ids", MOST)
    ids or refuse("nothing_chosen")
    documents = list(sees().documents().where(Document.id.in_(ids))) or abort(404)
    return zipped(documents, "documents.zip")
