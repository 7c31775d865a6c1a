"""Legal holds: place one on a customer, a paper or a search; lift it."""

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from models.archive import LegalHold
from models.core.errors import Refused, refuse
from models.core.model import counts
from models.documents import Document
from views.refusals import sentence, status
from views.staff.customer_choice import offered
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_chosen, form_text
from views.web.idempotency import idempotent
from views.web.pages import flash_ok
from views.web.proof import must_prove
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "legal_holds", __name__, url_prefix="/archive/holds", menu="archive", help="10-filing"
)


@bp.get("/")
@can("legal_hold")
def index():
    return _page(request.args)


def _page(typed, problem="", code=200):
    rows = list(sees().legal_holds().order_by(LegalHold.state, LegalHold.id.desc()).limit(200))
    customers = offered(chosen=typed.get("customer"))
    return make_response(
        render_template(
            "staff/legal_holds/index.html",
            rows=list(zip(rows, counts([hold.filings() for hold in rows]), strict=True)),
            customers=customers,
            typed=typed,
            problem=problem,
        ),
        code,
    )


@bp.post("/")
@can("legal_hold")
@idempotent
def create():
    customer = form_chosen("customer", sees().customers())
    try:
        must_prove()
        number = form_text("number", 100, lines=False)
        document = (
            sees().documents().where(Document.number == number).first()
            or refuse("no_such_number", number=number)
            if number
            else None
        )
        LegalHold.place(
            person(),
            form_text("name", 100, lines=False),
            form_text("reason", 500),
            customer,
            document,
            form_text("query", 200, lines=False),
        )
    except Refused as error:
        return _page(request.form, sentence(error), status(error))
    flash_ok(_("Legal hold set. These files can't be destroyed until it is released."))
    return redirect(url_for(".index"), 303)


@bp.post("/<int:id>/lifting")
@can("legal_hold")
@idempotent
def lift(id):
    get_or_404(sees().legal_holds(), id).lift(person(), form_text("reason", 500))
    flash_ok(_("The legal hold is released."))
    return redirect(url_for(".index"), 303)
