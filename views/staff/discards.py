"""A draft is thrown away, by its button or because it was left with nothing in it."""

from flask import redirect, url_for

from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.idempotency import idempotent
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "discards",
    __name__,
    url_prefix="/documents/<int:id>/discard",
    menu="documents",
    help="04-review",
)


@bp.post("")
@can("write")
@idempotent
def create(id):
    get_or_404(sees().documents(), id).discard(by=person())
    return redirect(url_for("documents.index"), 303)


@bp.post("/untouched")
@can("write")
def leave(id):
    """Its editor was left; what anybody put something in stays."""
    document = get_or_404(sees().documents(), id)
    person().must("write", document)
    document.discard_untouched(by=person())
    return redirect(url_for("documents.index"), 303)
