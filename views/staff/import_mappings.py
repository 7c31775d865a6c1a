"""What the columns of earlier files meant: named, or forgotten."""

from flask import redirect, url_for

from models.imports.import_mapping import MOST_NAME
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_chosen, form_text
from views.web.idempotency import idempotent
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "import_mappings",
    __name__,
    url_prefix="/imports/mappings/<int:id>",
    menu="imports",
    help="03-making",
)


def _back():
    """The page of the import that the form stood on."""
    row = form_chosen("import", sees().imports())
    return redirect(url_for("imports.show", id=row.id) if row else url_for("imports.index"), 303)


@bp.post("/name")
@can("import")
@idempotent
def rename(id):
    mapping = get_or_404(sees().import_mappings(), id)
    mapping.rename(person(), form_text("name", MOST_NAME, lines=False))
    return _back()


@bp.post("/forgotten")
@can("import")
@idempotent
def forget(id):
    get_or_404(sees().import_mappings(), id).forget(person())
    return _back()
