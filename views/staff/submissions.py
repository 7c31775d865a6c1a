"""A document is handed to its approvers, or taken back."""

from flask import redirect, request, url_for

from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.idempotency import idempotent
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "submissions", __name__, url_prefix="/documents/<int:id>", menu="documents", help="04-review"
)


@bp.post("/submission")
@can("submit")
@idempotent
def create(id):
    get_or_404(sees().documents(), id).submit(
        by=person(), straight_back="straight_back" in request.form
    )
    return redirect(url_for("documents.show", id=id), 303)


@bp.post("/recall")
@can("submit")
@idempotent
def recall(id):
    get_or_404(sees().documents(), id).recall(by=person())
    return redirect(url_for("documents.show", id=id), 303)
