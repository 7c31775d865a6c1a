"""A document is issued, and sent in the same act: it gets its number and never changes again."""

from flask import redirect, request, url_for
from flask_babel import gettext as _

from models.core.errors import Refused
from models.documents.doubts import DOUBTS
from views.staff.document_page import DocumentPage
from views.staff.letter_page import letter, letter_page
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_choices, form_day, form_text
from views.web.idempotency import idempotent
from views.web.pages import flash_ok
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "issues", __name__, url_prefix="/documents/<int:id>/issue", menu="documents", help="04-review"
)


@bp.get("")
@can("issue")
def new(id):
    """One look at the document, its receivers and the words."""
    document = get_or_404(sees().documents(), id)
    if not DocumentPage(document, person()).may_issue:
        return redirect(url_for("documents.show", id=id), 303)
    return letter_page(document)


@bp.post("")
@can("issue")
@idempotent
def create(id):
    document = get_or_404(sees().documents(), id)
    issuing = {
        "seen": form_day("seen", empty=document.chosen_date),
        "confirmed": form_choices("confirmed", DOUBTS),
    }
    if "and_send" not in request.form:
        document.issue_at_once(person(), **issuing)
        flash_ok(_("Issued as %(number)s.", number=document.number))
        return redirect(url_for("documents.show", id=id), 303)
    try:
        shown = form_text("shown_number", 60, lines=False)
        contacts, written = letter(document, shown)
        document.issue_and_send(
            person(),
            contacts,
            written,
            key=request.form["idempotency_key"],
            shown_number=shown,
            **issuing,
        )
    except Refused as error:
        document = get_or_404(sees().documents(), id)
        if not DocumentPage(document, person()).may_issue:
            raise
        return letter_page(document, error)
    flash_ok(_("Issued as %(number)s and queued for sending.", number=document.number))
    return redirect(url_for("documents.show", id=id), 303)
