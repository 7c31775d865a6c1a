"""The customer's yes."""
from flask import Blueprint, redirect, request, url_for
from flask_login import current_user

from views.forms import said
from views.helpers import audience, find, once

bp = Blueprint("portal_confirmations", __name__, url_prefix="/portal/documents/<int:id>/confirmation")


@bp.post("")
@audience("contact")
@once
def create(id):
    contact = current_user._get_current_object()
    find(contact.documents(), id).confirm(contact, said("name", 100, lines=False), address=request.remote_addr)
    return redirect(url_for("portal_documents.show", id=id), 303)
