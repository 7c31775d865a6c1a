"""The customer's own documents: list, page, PDF, several as a zip."""

import io

from flask import abort, render_template, send_file

from models import dunning, payment_details
from models.company import Company
from models.core import disk, filenames
from models.core.clock import today
from models.core.database import SHORT
from models.core.errors import refuse
from models.documents import KINDS, Document
from models.numbering import as_counted
from models.payments import open_balance
from models.receivables.balance import money_state, money_states
from views.lists import Listing, zipped
from views.web.auth import contacts_only
from views.web.blueprints import PortalBlueprint
from views.web.fields import form_ids, parse_id, query_text
from views.web.scope import get_or_404, person, sees

bp = PortalBlueprint(
    "portal_documents", __name__, url_prefix="/portal/documents", menu="portal_documents"
)
MOST = 50


@bp.get("/")
@contacts_only
def index():
    q, kind, state, year = (query_text(n) for n in ("q", "kind", "state", "year"))
    rows = sees().documents()
    if q:
        rows = rows.where(Document.number.contains(q) | Document.reference.contains(q))
    if kind in KINDS:
        rows = rows.where(Document.kind == kind)
    if state in ("issued", "voided"):
        rows = rows.where(
            Document.state.in_(("issued", "archived") if state == "issued" else ("voided",))
        )
    years = sorted({d.issued_on.year for d in sees().documents() if d.issued_on}, reverse=True)
    if parse_id(year) in years:
        rows = rows.where(Document.issued_on.year == parse_id(year))
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
        money_states=money_states(page.rows),
        kinds=KINDS,
        years=years,
        q=q,
        kind=kind,
        state=state,
        year=year,
    )


class DocumentPage:
    """What a customer can do about one of their papers."""

    def __init__(self, document, about, open_amount):
        self.document, self.about, self.left = document, about, open_amount

    @property
    def valid(self):
        return self.document.state != "voided"

    @property
    def payable(self):
        """Whether it is a valid invoice, perhaps paid already."""
        return self.document.kind == "invoice" and self.valid

    @property
    def unpaid(self):
        return self.left > 0

    @property
    def promisable(self):
        return self.about["open"] > 0

    @property
    def state(self):
        """How it stands with its payment, where there is one."""
        return money_state(self.document) or self.document.state


@bp.get("/<int:id>")
@contacts_only
def show(id):
    document = get_or_404(sees().documents(), id)
    with disk.if_free(SHORT):
        document.record_opening(person())
    about, ways = (
        dunning.collection_status(document, person()),
        _ways_to_pay(document),
    )
    return render_template(
        "portal/documents/show.html",
        page=DocumentPage(document, about, ways["left"]),
        document=document,
        paper=document.shown_content(),
        messages=list(document.messages),
        about=about,
        day=today(),
        **ways,
    )


def _ways_to_pay(document):
    """What the page needs to pay what is still open."""
    open_amount, firm = open_balance(document), Company.current()
    if open_amount <= 0:
        return {"left": open_amount, "bank": [], "pay_link": "", "epc": None}
    return {
        "left": open_amount,
        "bank": payment_details.details_of(firm, document.currency, document.language),
        "pay_link": payment_details.link_of(firm, document, open_amount),
        "epc": payment_details.epc_of(
            firm, document.currency, open_amount, document.number, document.language
        ),
    }


@bp.get("/<int:id>/pdf")
@contacts_only
def pdf(id):
    document = get_or_404(sees().documents(), id)
    return send_file(
        io.BytesIO(document.stamped_pdf()),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=filenames.pdf_of(document.number),
    )


@bp.post("/zip")
@contacts_only
def several():
    ids = form_ids("ids", MOST)
    ids or refuse("nothing_chosen")
    documents = list(sees().documents().where(Document.id.in_(ids))) or abort(404)
    return zipped(documents, "documents.zip")
