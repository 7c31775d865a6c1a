"""The steps of a document: submit, recall, issue, void, discard."""

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from views.forms import said
from views.helpers import audience, find, flash_ok, once
from views.web.scope import sees

bp = Blueprint("submissions", __name__, url_prefix="/documents/<int:id>")


def _back(id):
    return redirect(url_for("documents.show", id=id), 303)


@bp.post("/submission")
@audience("sales", "manager", "finance")
@once
def submit(id):
    find(sees().documents(), id).submit(
        by=current_user, straight_back="straight_back" in request.form
    )
    return _back(id)


@bp.post("/recall")
@audience("sales", "manager", "finance")
@once
def recall(id):
    find(sees().documents(), id).recall(by=current_user)
    return _back(id)


@bp.post("/issue")
@audience("sales", "manager", "finance")
@once
def issue(id):
    find(sees().documents(), id).issue(by=current_user)
    flash_ok(_("Issued. The PDF is kept and will never change."))
    return _back(id)


@bp.post("/void")
@audience("manager", "finance")
@once
def void(id):
    find(sees().documents(), id).void(by=current_user, reason=said("reason", 500))
    return _back(id)


@bp.post("/discard")
@audience("sales", "manager", "finance")
@once
def discard(id):
    find(sees().documents(), id).discard(by=current_user)
    return redirect(url_for("documents.index"), 303)
