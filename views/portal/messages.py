"""What the customer writes on a document."""

from flask import redirect, url_for

from models.documents import Message
from views.web.auth import contacts_only
from views.web.blueprints import PortalBlueprint
from views.web.fields import form_text
from views.web.idempotency import idempotent
from views.web.scope import get_or_404, person

bp = PortalBlueprint(
    "portal_messages",
    __name__,
    url_prefix="/portal/documents/<int:id>/messages",
    menu="portal_documents",
)


@bp.post("")
@contacts_only
@idempotent
def create(id):
    contact = person()
    Message.write(contact, get_or_404(contact.sees.documents(), id), form_text("text", 4000))
    return redirect(url_for("portal_documents.show", id=id), 303)
