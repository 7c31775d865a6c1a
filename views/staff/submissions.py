"""The steps of a document: submit, recall, issue, void, discard."""

from flask import redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from views.forms import form_text
from views.web.auth import audience
from views.web.blueprints import StaffBlueprint
from views.web.idempotency import idempotent
from views.web.pages import flash_ok
from views.web.scope import get_or_404, sees

bp = StaffBlueprint(
    "submissions", __name__, url_prefix="/documents/<int:id>", menu="documents", help="04-review"
)


def _back(id):
    return redirect(url_for("documents.show", id=id), 303)


@bp.post("/submission")
@audience("sales", "manager", "finance")
@idempotent
def submit(id):
    get_or_404(sees().documents(), id).submit(
        by=current_user, straight_back="straight_back" in request.form
    )
    return _back(id)


@bp.post("/recall")
@audience("sales", "manager", "finance")
@idempotent
def recall(id):
    get_or_404(sees().documents(), id).recall(by=current_user)
    return _back(id)


@bp.post("/issue")
@audience("sales", "manager", "finance")
@idempotent
def issue(id):
    get_or_404(sees().documents(), id).issue(by=current_user)
    flash_ok(_("Issued. The PDF is kept and will never change."))
    return _back(id)


@bp.post("/void")
@audience("manager", "finance")
@idempotent
def void(id):
    get_or_404(sees().documents(), id).void(by=current_user, reason=form_text("reason", 500))
    return _back(id)


@bp.post("/discard")
@audience("sales", "manager", "finance")
@idempotent
def discard(id):
    get_or_404(sees().documents(), id).discard(by=current_user)
    return redirect(url_for("documents.index"), 303)
