"""Giving an issued document to the customer by mail: looked at and sent on one page."""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from models.core.errors import Refused
from views.staff.document_page import DocumentPage
from views.staff.letter_page import LetterPage, letter, letter_page
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
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


@bp.get("")
@can("send")
def new(id):
    document = get_or_404(sees().documents(), id)
    if not DocumentPage(document, person()).may_send:
        return redirect(url_for("documents.show", id=id), 303)
    return letter_page(document)


@bp.post("/preview")
@can("send")
def preview(id):
    """The mails as they would go out, of a draft as if it were issued now."""
    document = get_or_404(sees().documents(), id)
    letter(document)
    return render_template("staff/documents/_letters.html", page=LetterPage(document))


@bp.post("")
@can("send")
@idempotent
def create(id):
    document = get_or_404(sees().documents(), id)
    try:
        contacts, written = letter(document)
        document.send(person(), contacts, key=request.form["idempotency_key"], **written)
    except Refused as error:
        if not DocumentPage(document, person()).may_send:
            raise
        return letter_page(document, error)
    flash_ok(_("Email queued."))
    return redirect(url_for("documents.show", id=id), 303)
