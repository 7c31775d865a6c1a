"""What is written to the customer beside a document."""

from flask import redirect, url_for

from models.documents import Message
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_text
from views.web.idempotency import idempotent
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "messages",
    __name__,
    url_prefix="/documents/<int:id>/messages",
    menu="documents",
    help="03-making",
)


@bp.post("")
@can("message")
@idempotent
def create(id):
    Message.write(person(), get_or_404(sees().documents(), id), form_text("text", 4000))
    return redirect(url_for("documents.show", id=id, tab="messages"), 303)
