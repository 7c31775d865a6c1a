"""The customer's confirmation, signed by name and, if they like, by hand."""

import base64

from flask import abort, redirect, request, url_for

from models.adapters import blobs
from models.core.errors import refuse
from models.documents import confirmation
from views.web.auth import contacts_only, signed_in
from views.web.blueprints import PortalBlueprint
from views.web.downloads import send_data
from views.web.fields import form_text
from views.web.idempotency import idempotent
from views.web.scanning import looked_at
from views.web.scope import get_or_404, person, sees
from views.web.uploads import read_once

bp = PortalBlueprint(
    "portal_confirmations",
    __name__,
    url_prefix="/portal/documents/<int:id>/confirmation",
    menu="portal_documents",
)
HEAD = "data:image/png;base64,"


@read_once
def drawn():
    """The drawn signature as Received, None for none."""
    return confirmation.signature_of(_png_of())


def _png_of():
    """The PNG behind the canvas's data address, or nothing."""
    typed = request.form.get("signature", "")
    if not typed:
        return b""
    try:
        typed.startswith(HEAD) or refuse("signature_unreadable")
        data = base64.b64decode(typed[len(HEAD) :], validate=True)
    except ValueError:  # also of letters beyond ASCII
        refuse("signature_unreadable")
    return looked_at(data, blobs.MOST_BYTES, "signature.png")


@bp.post("")
@contacts_only
@idempotent(reading=drawn)
def create(id):
    contact = person()
    get_or_404(contact.sees.documents(), id).confirm(
        contact, form_text("name", 100, lines=False), address=request.remote_addr, drawn=drawn()
    )
    return redirect(url_for("portal_documents.show", id=id), 303)


@bp.get("/signature")
@signed_in
def signature(id):
    """What was drawn, for both sides."""
    document = get_or_404(sees().documents(), id)
    if not document.signature:
        abort(404)
    return send_data(blobs.fetch(document.signature), mimetype="image/png")
