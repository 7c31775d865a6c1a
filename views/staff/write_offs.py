"""Giving up a part of an invoice: asked for by one person, decided by another."""

from flask import redirect, url_for
from flask_babel import gettext as _

from models.documents import Document
from models.payments.write_off import WriteOff
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_amount, form_text
from views.web.idempotency import idempotent
from views.web.pages import flash_ok
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "write_offs", __name__, url_prefix="/write-offs", menu="payments", help="07-payment"
)


@bp.post("/of-invoice/<int:id>")
@can("pay")
@idempotent
def create(id):
    invoice = get_or_404(sees().documents().where(Document.kind == "invoice"), id)
    WriteOff.ask(
        person(),
        invoice,
        form_amount("amount", invoice.currency),
        form_text("reason", 500),
    )
    flash_ok(_("Waiting for second approval."))
    return redirect(url_for("documents.show", id=id), 303)


@bp.post("/<int:id>/approval")
@can("write_off")
@idempotent
def approve(id):
    get_or_404(sees().write_offs(), id).approve(by=person())
    return redirect(url_for("payments.write_offs"), 303)


@bp.post("/<int:id>/refusal")
@can("write_off")
@idempotent
def decline(id):
    get_or_404(sees().write_offs(), id).decline(by=person(), reason=form_text("reason", 500))
    return redirect(url_for("payments.write_offs"), 303)


@bp.post("/<int:id>/reversal")
@can("pay")
@idempotent
def reverse(id):
    get_or_404(sees().write_offs(), id).reverse(by=person(), reason=form_text("reason", 500))
    return redirect(url_for("payments.write_offs"), 303)
