"""Filing a paper by hand, before its rule would."""

from flask import redirect, request, url_for
from flask_babel import gettext as _

from models.archive import Filing
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.idempotency import idempotent
from views.web.pages import flash_ok
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "archivings",
    __name__,
    url_prefix="/documents/<int:id>/archiving",
    menu="documents",
    help="10-filing",
)


def _document():
    return get_or_404(sees().documents(), request.view_args["id"])


def _make_pdf():
    """It takes too long for the transaction of a form."""
    _document().pdf_bytes()


@bp.post("")
@can("archive")
@idempotent(reading=_make_pdf)
def create(id):
    Filing.file_document(person(), _document())
    flash_ok(_("Archived."))
    return redirect(url_for("documents.show", id=id), 303)
