"""Giving up a part of an invoice: asked for by one person, decided by another."""

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from models.documents import Document
from models.payments.write_off import WriteOff
from views.amounts import money_of
from views.forms import said
from views.helpers import audience, find, flash_ok, once
from views.web.scope import sees

bp = Blueprint("write_offs", __name__, url_prefix="/write-offs")


@bp.post("/of-invoice/<int:id>")
@audience("finance")
@once
def create(id):
    invoice = find(sees().documents().where(Document.kind == "invoice"), id)
    WriteOff.ask(
        current_user,
        invoice,
        money_of(request.form.get("amount", ""), invoice.currency),
        said("reason", 500),
    )
    flash_ok(_("It waits for a second person."))
    return redirect(url_for("documents.show", id=id), 303)


@bp.post("/<int:id>/approval")
@audience("finance", "manager")
@once
def approve(id):
    find(sees().write_offs(), id).approve(by=current_user._get_current_object())
    return redirect(url_for("payments.write_offs"), 303)


@bp.post("/<int:id>/refusal")
@audience("finance", "manager")
@once
def decline(id):
    find(sees().write_offs(), id).decline(
        by=current_user._get_current_object(), reason=said("reason", 500)
    )
    return redirect(url_for("payments.write_offs"), 303)


@bp.post("/<int:id>/reversal")
@audience("finance")
@once
def reverse(id):
    find(sees().write_offs(), id).reverse(by=current_user, reason=said("reason", 500))
    return redirect(url_for("payments.write_offs"), 303)
