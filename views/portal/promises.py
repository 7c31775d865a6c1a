"""The customer's word to pay by a day."""

from flask import Blueprint, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user

from models.core.errors import refuse
from models.dunning import Promise
from views.forms import said, said_amount, said_day
from views.helpers import audience, find, flash_ok, once
from views.web.scope import sees

bp = Blueprint("portal_promises", __name__, url_prefix="/portal/documents/<int:id>/promises")


@bp.post("")
@audience("contact")
@once
def create(id):
    invoice = find(sees().documents(), id)
    amount = said_amount("amount", invoice.currency) or refuse("amount_unreadable")
    Promise.give(
        current_user._get_current_object(), invoice, amount, said_day("day"), said("note", 500)
    )
    flash_ok(_("Thank you. Until then we do not remind you of this amount."))
    return redirect(url_for("portal_documents.show", id=id), 303)
