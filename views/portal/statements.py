"""The customer's statements: look, mark each line, sign."""

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from models.core.errors import Refused, refuse
from models.receivables.statement import Statement
from views.portal.paying import ways_to_pay
from views.refusals import sentence, status
from views.staff.statements import pdf_of, xlsx_of
from views.web.auth import contacts_only
from views.web.blueprints import PortalBlueprint
from views.web.fields import form_amount, form_text
from views.web.idempotency import idempotent
from views.web.pages import flash_ok
from views.web.scope import get_or_404, person, sees

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


@bp.get("/<int:id>")
@contacts_only
def show(id):
    return _page(get_or_404(sees().statements(), id), {}, "")


def _page(row, typed, problem, code=200):
    return make_response(
        render_template(
            "portal/statements/show.html",
            statement=row,
            ways=ways_to_pay(person(), row.currency),
            paper=row.snapshot,
            typed=typed,
            problem=problem,
        ),
        code,
    )


@bp.get("/<int:id>/pdf")
@contacts_only
def pdf(id):
    return pdf_of(get_or_404(sees().statements(), id))


@bp.get("/<int:id>/xlsx")
@contacts_only
def xlsx(id):
    return xlsx_of(get_or_404(sees().statements(), id))


@bp.post("/<int:id>/confirmation")
@contacts_only
@idempotent
def confirm(id):
    row, contact = get_or_404(sees().statements(), id), person()
    try:
        row.confirm(
            contact,
            form_text("name", 100, lines=False),
            _differing(row),
            form_text("missing", 1000),
            request.remote_addr or "",
        )
    except Refused as error:
        return _page(
            get_or_404(sees().statements(), id), request.form, sentence(error), status(error)
        )
    flash_ok(_("Thank you. A signed copy is available to both of us."))
    return redirect(url_for("portal_statements.show", id=id), 303)


def _differing(row):
    """{row: (their amount, reason)} of the lines that are ticked as differing."""
    found = {}
    for index in range(len(row.snapshot["rows"])):
        if request.form.get(f"mark-{index}"):
            reason = form_text(f"reason-{index}", 500, lines=False) or refuse("reason_needed")
            found[index] = (form_amount(f"amount-{index}", row.currency), reason)
    return found
