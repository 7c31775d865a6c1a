"""What is typed in the line editor, kept as it goes."""

import json

from flask import make_response, redirect, render_template, request, url_for

from models.core.clock import local, now
from models.documents.draft import Autosave
from views.staff.document_form import (
    DocumentForm,
    read_rows,
    shown_amounts,
    sums_of,
    taxes_of,
    typed_rows,
)
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "autosaves",
    __name__,
    url_prefix="/documents/<int:id>/autosave",
    menu="documents",
    help="03-making",
)


@bp.post("")
@can("write")
def create(id):
    """Keep what is typed and answer with the totals it would give."""
    document = get_or_404(sees().documents(), id)
    person().must("write", document)
    form = DocumentForm.of(document)
    typed = {k: v for k, v in request.form.lists() if k not in ("csrf_token", "idempotency_key")}
    rows, ok = typed_rows(request.form), form.validate()
    if document.editable:
        Autosave.store(
            document,
            person(),
            document.version if form.version.errors else form.version.data,
            typed,
            request.form.get("idempotency_key", ""),
        )
    head = (
        form.terms()
        if ok
        else {
            "discount": document.discount,
            "currency": document.currency,
            "prices_include_tax": document.prices_include_tax,
        }
    )
    read_rows(rows, document, head, taxes_of(document))
    answer = make_response(
        render_template(
            "staff/documents/_totals.html",
            sums=sums_of(rows),
            currency=head["currency"],
            kept_at=local(now()).strftime("%H:%M"),
        )
    )
    amounts = shown_amounts(rows, head["prices_include_tax"], head["currency"])
    answer.headers["HX-Trigger-After-Swap"] = json.dumps({"amounts": {"rows": amounts}})
    return answer


@bp.post("/discard")
@can("write")
def discard(id):
    Autosave.forget(get_or_404(sees().documents(), id), person())
    return redirect(url_for("documents.edit", id=id), 303)
