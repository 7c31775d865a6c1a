"""The customer's promise to pay by a day."""

from flask import redirect, url_for
from flask_babel import gettext as _

from models.core.errors import refuse
from models.dunning import Promise
from views.web.auth import contacts_only
from views.web.blueprints import PortalBlueprint
from views.web.fields import form_amount, form_day, form_text
from views.web.idempotency import idempotent
from views.web.pages import flash_ok
from views.web.scope import get_or_404, person, sees

bp = PortalBlueprint(
    "portal_promises",
    __name__,
    url_prefix="/portal/documents/<int:id>/promises",
    menu="portal_documents",
)


@bp.post("")
@contacts_only
@idempotent
def create(id):
    invoice = get_or_404(sees().documents(), id)
    amount = form_amount("amount", invoice.currency) or refuse("amount_unreadable")
    Promise.give(person(), invoice, amount, form_day("day"), form_text("note", 500))
    flash_ok(_("Thank you. We will not send reminders for this amount until then."))
    return redirect(url_for("portal_documents.show", id=id), 303)
