"""An administrator unlinks the single sign-on account of a colleague who got another one."""

from flask import redirect, url_for
from flask_babel import gettext as _

from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.idempotency import idempotent
from views.web.pages import flash_ok
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "provider_releases", __name__, url_prefix="/people", menu="people", help="14-accounts"
)


@bp.post("/<int:id>/provider-account/removal")
@can("manage_people")
@idempotent
def create(id):
    get_or_404(sees().people(), id).release_provider_account(by=person())
    flash_ok(_("The single sign-on account was unlinked."))
    return redirect(url_for("people.edit", id=id), 303)
