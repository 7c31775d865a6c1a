"""What the customer writes on a document."""

from flask import Blueprint, redirect, url_for
from flask_login import current_user

from models.documents import Message
from views.forms import said
from views.helpers import audience, find, once

bp = Blueprint("portal_messages", __name__, url_prefix="/portal/documents/<int:id>/messages")


@bp.post("")
@audience("contact")
@once
def create(id):
    contact = current_user._get_current_object()
    Message.write(contact, find(contact.sees.documents(), id), said("text", 4000))
    return redirect(url_for("portal_documents.show", id=id), 303)
