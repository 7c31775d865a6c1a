"""Giving a paper to the customer by mail: looked at first, then sent."""

from flask import current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _

from models.core.errors import refuse
from models.customers import Contact
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_ids, form_text
from views.web.idempotency import idempotent
from views.web.pages import flash_ok
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "sendings",
    __name__,
    url_prefix="/documents/<int:id>/sending",
    menu="documents",
    help="06-delivery",
)


def _requested(id):
    """(document, contacts of its customer, message) as the form names them."""
    document = get_or_404(sees().documents(), id)
    ids = form_ids("contacts")
    contacts = list(
        sees()
        .contacts()
        .where(Contact.id.in_(ids or [0]), Contact.customer.in_(document.customer.group))
    )
    len(contacts) == len(ids) or refuse("stranger_contact")
    return document, contacts, form_text("message", 2000)


@bp.post("/preview")
@can("send")
def preview(id):
    """The mails as they would go out."""
    document, contacts, message = _requested(id)
    previews = document.preview_sending(person(), contacts, message, current_app.config["BASE_URL"])
    return render_template(
        "staff/documents/sending.html", document=document, letters=previews, message=message
    )


@bp.post("")
@can("send")
@idempotent
def create(id):
    document, contacts, message = _requested(id)
    document.send(
        person(),
        contacts,
        message,
        key=request.form["idempotency_key"],
        base_url=current_app.config["BASE_URL"],
    )
    flash_ok(_("Email queued."))
    return redirect(url_for("documents.show", id=id), 303)
