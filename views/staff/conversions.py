"""The document that follows from another: an order from a quote, an invoice from an order."""

from flask import abort, redirect, request, url_for

from models.documents import KINDS
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
    return redirect(url_for("documents.edit", id=document.id), 303)
