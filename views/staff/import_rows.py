"""The rows of a file to import: cells corrected in place, rows left out, all faults corrected in
Excel."""

from flask import abort, redirect, request, url_for
from flask_babel import gettext as _

from models.core.errors import Refused, refuse
from models.core.wake import wake
from models.imports import Import
from views.refusals import sentence
from views.staff import imports
from views.staff.import_findings import (
    chosen_kind,
    faulty_rows,
    kinds_context,
)
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_file, form_text
from views.web.idempotency import idempotent
from views.web.pages import flash_ok, pieces, render
from views.web.scope import get_or_404, person, sees
from views.web.uploads import read_once, takes_files

bp = StaffBlueprint(
    "import_rows", __name__, url_prefix="/imports/<int:id>", menu="imports", help="03-making"
)
MOST_CELL = 4000
MOST_ROW = 10**9  # no file has as many


def shown_import(id, **query):
    return redirect(url_for("imports.show", id=id, **query), 303)


@read_once
def looked_at():
    """(import, row number, its cells or None, what they lead to) as the form has them."""
    given = request.view_args
    given["number"] < MOST_ROW or abort(404)
    row = get_or_404(sees().imports(), given["id"])
    cells = None if "leave_out" in request.form else _typed(len(row.outlined["heads"]))
    return row, given["number"], cells, row.look_at(given["number"], cells)


def _typed(width):
    """{column: text} of the cells that were sent."""
    names = [name for name in (f"cell-{column}" for column in range(width)) if name in request.form]
    return {name[5:]: form_text(name, MOST_CELL) for name in names}


@bp.post("/rows/<int:number>")
@can("import")
@idempotent(reading=looked_at)
def update(id, number):
    try:
        row, number, cells, found = looked_at()
        row.correct(person(), number, cells, found)
    except Refused as error:
        return _refused(get_or_404(sees().imports(), id), number, sentence(error))
    wake("imports")
    if request.htmx:
        together = "yes" if len(found[0]) > 1 else None  # rows of one document, right by each other
        return redirect(url_for(".show", id=id, number=number, together=together), 303)
    return shown_import(id)


def _refused(row, number, problem):
    """What was typed, with why it is not taken."""
    names = [name for name in request.form if name.startswith("cell-")]
    typed = number, {name[5:]: request.form[name] for name in names}
    found = request.htmx and row.check_file and faulty_rows(row, row.check_file, [number], typed)
    if not found:
        return imports.page_of(row, problem, 422, typed=typed)
    return render(
        "staff/imports/_row.html",
        status=422,
        faulty_row=found[0],
        row=row,
        problem=problem,
    )


@bp.get("/rows/<int:number>")
@can("import")
def show(id, number):
    """The piece of one row with the counts of all; the whole when there is nothing to correct, or
    when other rows of the document may be right by it."""
    number < MOST_ROW or abort(404)
    row = get_or_404(sees().imports(), id)
    if not request.htmx:
        return shown_import(id, after=number - 1 or None)
    alone = row.state == "checked" and row.check_file and "together" not in request.args
    if row.clean or not alone:
        answer = imports.page_of(row)
        answer.headers["HX-Retarget"] = f"#import-{id}"
        return answer
    found = faulty_rows(row, row.check_file, [number]) or abort(404)
    return pieces(
        "staff/imports/_row.html",
        "staff/imports/_kinds.html",
        faulty_row=found[0],
        saved=True,
        row=row,
        **kinds_context(row, row.check_file),
    )


@bp.post("/left-out")
@can("import")
@idempotent
def leave_out(id):
    """Leave out all rows with a kind of fault."""
    row = get_or_404(sees().imports(), id)
    row.leave_out(person(), chosen_kind() or refuse("choice_unknown"))
    wake("imports")
    return shown_import(id)


@read_once
def corrected_file():
    """(import, corrections) of an uploaded list of faults."""
    row = get_or_404(sees().imports(), request.view_args["id"])
    data, name = form_file("file", Import.most_mb() * 2**20)
    name or refuse("file_missing")
    row.check_size(row.target, data)
    return row, row.differences(data, name)


@bp.post("/corrections")
@takes_files(Import.most_mb)
@can("import")
@idempotent(reading=corrected_file)
def correct(id):
    """Take the rows of a corrected list of faults."""
    row, corrections = corrected_file()
    row.correct_all(person(), corrections)
    wake("imports")
    flash_ok(_("%(n)s rows were corrected.", n=len(corrections)))
    return shown_import(id)


@bp.post("/twins/<int:number>")
@can("import")
@idempotent
def decide_twin(id, number):
    """Take the name in this row for that of the customer who is here, or not, or ask again."""
    number < MOST_ROW or abort(404)
    row, decisions = get_or_404(sees().imports(), id), {"same": True, "other": False, "ask": None}
    decision = request.form.get("decision", "")
    decision in decisions or refuse("choice_unknown")
    row.decide_twin(person(), number, decisions[decision])
    wake("imports")
    return shown_import(id)


@bp.post("/corrections/undo")
@can("import")
@idempotent
def take_back(id):
    """Take the file as it came."""
    get_or_404(sees().imports(), id).take_back_corrections(person())
    wake("imports")
    return shown_import(id)
