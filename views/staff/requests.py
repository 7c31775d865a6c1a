"""A request under way: urge those asked, write a remark with a file."""

import functools

from flask import redirect, request, url_for
from flask_babel import gettext as _

from models.adapters import blobs
from models.approvals import Comment
from models.approvals.comment import MOST_BYTES
from views.web.addresses import safe_next_url
from views.web.auth import can, staff_only
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_text
from views.web.idempotency import idempotent
from views.web.kept_files import send_kept
from views.web.pages import flash_ok
from views.web.scope import get_or_404, person, sees
from views.web.uploads import attached, takes_files

bp = StaffBlueprint("requests", __name__, url_prefix="/requests", menu="tasks", help="04-review")
attachment = functools.partial(attached, "file", MOST_BYTES)


@bp.post("/<int:id>/urging")
@can("urge")
@idempotent
def urge(id):
    row = get_or_404(sees().requests(), id)
    row.urge(by=person())
    flash_ok(_("Nudge sent."))
    return redirect(
        url_for("documents.show", id=row.document_id)
        if row.document_id
        else url_for("destructions.show", id=row.subject_id),
        303,
    )


@bp.post("/<int:id>/comments")
@takes_files(MOST_BYTES // 2**20)
@staff_only
@idempotent(reading=attachment)
def comment(id):
    row = get_or_404(sees().requests(), id)
    Comment.write(person(), row, form_text("text", 2000), *attachment())
    return redirect(safe_next_url(request.form.get("next")), 303)


@bp.get("/comments/<int:id>/file")
@staff_only
def file(id):
    row = get_or_404(sees().comments(), id)
    return send_kept(blobs.fetch(row.file), row.filename)
