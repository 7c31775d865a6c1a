"""An administrator takes away the second factor of a colleague who lost it."""

from flask import redirect, url_for
from flask_babel import gettext as _

from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.idempotency import idempotent
from views.web.pages import flash_ok
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "factor_resets", __name__, url_prefix="/people", menu="people", help="14-accounts"
)


@bp.post("/<int:id>/second-factor-reset")
@can("manage_people")
@idempotent
def create(id):
    get_or_404(sees().people(), id).reset_second_factor(by=person())
    flash_ok(_("The second factor was reset."))
    return redirect(url_for("people.edit", id=id), 303)
