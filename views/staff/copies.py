"""A new draft like an older document."""

from flask import redirect, url_for

from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.idempotency import idempotent
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "copies", __name__, url_prefix="/documents/<int:id>/copy", menu="documents", help="03-making"
)


@bp.post("")
@can("write")
@idempotent
def create(id):
    copy = get_or_404(sees().documents(), id).copy(by=person())
    return redirect(url_for("documents.edit", id=copy.id), 303)
