"""The rest of a credit note: set off against invoices, or paid back, in parts."""

from flask import make_response, redirect, render_template, request, url_for

from models.core.clock import today
from models.core.errors import Refused
from models.documents import Document
from models.payments import credit_note
from models.payments.refund import credit_left
from views.allocations import open_invoices, parts_of
from views.refusals import sentence, status
from views.staff.refunds import give_back
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.idempotency import idempotent
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "credit_notes", __name__, url_prefix="/credit-notes", menu="payments", help="07-payment"
)


def _credit_notes(id):
    return get_or_404(
        sees()
        .documents()
        .where(Document.kind == "credit_note", Document.state.in_(("issued", "archived"))),
        id,
    )


@bp.get("/<int:id>")
@can("pay")
def show(id):
    """What is left of a credit note, to be set off or paid back in parts."""
    return _page(_credit_notes(id))


def _page(note, problem="", typed=None, code=200):
    return make_response(
        render_template(
            "staff/credit_notes/show.html",
            note=note,
            left=credit_left(note),
            problem=problem,
            typed=typed or {},
            today=today(),
            invoices=open_invoices(sees(), note.customer.group, note.currency),
            used=list(note.credited),
            refunds=list(note.refunds),
        ),
        code,
    )


@bp.post("/<int:id>/allocations")
@can("pay")
@idempotent
def set_off(id):
    note = _credit_notes(id)
    try:
        for invoice, part in parts_of(person(), note.customer_id, note.currency):
            credit_note.set_off(person(), note, invoice, part)
    except Refused as error:
        return _page(_credit_notes(id), sentence(error), request.form, status(error))
    return redirect(url_for("credit_notes.show", id=id), 303)


@bp.post("/<int:id>/refunds")
@can("pay")
@idempotent
def refund(id):
    return give_back(_credit_notes(id), url_for("credit_notes.show", id=id))
