"""Filing a paper by hand, before its rule would."""

from flask import Blueprint, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user

from models.archive import Filing
from views.helpers import audience, find, flash_ok, once
from views.web.scope import sees

bp = Blueprint("archivings", __name__, url_prefix="/documents/<int:id>/archiving")


@bp.post("")
@audience("archivist", "admin")
@once
def create(id):
    Filing.file_document(current_user._get_current_object(), find(sees().documents(), id))
    flash_ok(_("Filed in the archive."))
    return redirect(url_for("documents.show", id=id), 303)
