"""The customer's statements in the portal."""

from flask import render_template

from models.receivables.statement import Statement
from views.portal.statement_page import StatementPage
from views.staff.statements import pdf_of, xlsx_of
from views.web.auth import contacts_only
from views.web.blueprints import PortalBlueprint
from views.web.idempotency import idempotent
from views.web.scope import get_or_404, sees

bp = PortalBlueprint(
    "portal_statements", __name__, url_prefix="/portal/statements", menu="portal_statements"
)


@bp.get("/")
@contacts_only
def index():
    return render_template(
        "portal/statements/index.html",
        rows=list(sees().statements().order_by(Statement.id.desc()).limit(200)),
    )


def _page(id):
    return StatementPage(get_or_404(sees().statements(), id), bp.name, id)


@bp.get("/<int:id>")
@contacts_only
def show(id):
    return _page(id).shown()


@bp.get("/<int:id>/pdf")
@contacts_only
def pdf(id):
    return pdf_of(_page(id).statement)


@bp.get("/<int:id>/xlsx")
@contacts_only
def xlsx(id):
    return xlsx_of(_page(id).statement)


@bp.get("/<int:id>/code.png")
@contacts_only
def code(id):
    """The EPC QR code over what is still open of it."""
    return _page(id).code()


@bp.post("/<int:id>/confirmation")
@contacts_only
@idempotent
def confirm(id):
    return _page(id).confirm()
