"""The document that follows from another: an order from a quote, an invoice from an order."""

from flask import abort, redirect, request, url_for

from models.documents import KINDS
from views.staff.document_page import DocumentPage
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.idempotency import idempotent
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "conversions",
    __name__,
    url_prefix="/documents/<int:id>/conversion",
    menu="documents",
    help="03-making",
)


@bp.post("")
@can("write")
@idempotent
def create(id):
    kind = request.form.get("kind", "")
    if kind not in KINDS:
        abort(404)
    document = get_or_404(sees().documents(), id).convert(by=person(), kind=kind)
    # What is left to be delivered is often split, so a delivery note is looked at line by line.
    ready = kind != "delivery_note" and DocumentPage(document, person()).may_issue
    return redirect(url_for("issues.new" if ready else "documents.edit", id=document.id), 303)
