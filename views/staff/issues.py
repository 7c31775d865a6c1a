"""A document is issued: it gets its number and never changes again."""

from flask import redirect, url_for
from flask_babel import gettext as _

from models.documents.doubts import DOUBTS
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_choices, form_day
from views.web.idempotency import idempotent
from views.web.pages import flash_ok
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "issues", __name__, url_prefix="/documents/<int:id>/issue", menu="documents", help="04-review"
)


@bp.post("")
@can("issue")
@idempotent
def create(id):
    document = get_or_404(sees().documents(), id)
    document.issue(
        by=person(),
        seen=form_day("seen", empty=document.chosen_date),
        confirmed=form_choices("confirmed", DOUBTS),
    )
    flash_ok(_("Issued. The PDF is being made and will never change."))
    return redirect(url_for("documents.show", id=id), 303)
