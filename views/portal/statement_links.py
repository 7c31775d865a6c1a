"""The one statement that the link in its mail opens, without signing in. See links.py."""

from flask import Blueprint

from views.portal.statement_page import StatementPage
from views.staff.statements import pdf_of, xlsx_of
from views.web.auth import link_only
from views.web.idempotency import idempotent
from views.web.scope import get_or_404, person, sees

bp = Blueprint("statement_links", __name__, url_prefix="/d/<int:id>/statement")


def _page():
    link = person().link
    statement = get_or_404(sees().statements(), link.statement_id or 0)
    return StatementPage(statement, bp.name, link.id)


@bp.get("")
@link_only
def show(id):
    return _page().shown()


@bp.get("/pdf")
@link_only
def pdf(id):
    return pdf_of(_page().statement)


@bp.get("/xlsx")
@link_only
def xlsx(id):
    return xlsx_of(_page().statement)


@bp.get("/code.png")
@link_only
def code(id):
    """The EPC QR code over what is still open of it."""
    return _page().code()


@bp.post("/confirmation")
@link_only
@idempotent
def confirm(id):
    return _page().confirm()
