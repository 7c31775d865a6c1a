"""A document that was issued is voided."""

from flask import redirect, url_for

from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_text
from views.web.idempotency import idempotent
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "voidings",
    __name__,
    url_prefix="/documents/<int:id>/void",
    menu="documents",
    help="09-correction",
)


@bp.post("")
@can("void")
@idempotent
def create(id):
    get_or_404(sees().documents(), id).void(by=person(), reason=form_text("reason", 500))
    return redirect(url_for("documents.show", id=id), 303)
