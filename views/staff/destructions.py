"""Lists of destruction: decide, name the witnesses, check, carry out, sign, and the certificate."""

from flask import abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from models.adapters import blobs
from models.approvals import ApprovalRequest, Task
from models.archive import DestructionList, erased_content
from models.core import filenames
from models.core.errors import Refused
from models.core.model import counts
from models.core.wake import wake
from models.people import User
from views.refusals import explain, sentence, status
from views.staff.archive import class_name
from views.staff.destruction_page import DestructionPage
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.downloads import send_data, table_file
from views.web.fields import form_id, form_text
from views.web.idempotency import idempotent
from views.web.pages import flash_ok, render
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "destructions",
    __name__,
    url_prefix="/archive/destructions",
    menu="archive",
    help="12-destruction",
)


def _visible_list(id):
    return get_or_404(sees().destructions(), id)


def _back(id, text):
    wake("archive")
    flash_ok(text)
    return redirect(url_for(".show", id=id), 303)


@bp.get("/")
@can("witness")
def index():
    rows = list(sees().destructions().order_by(DestructionList.id.desc()).limit(200))
    return render_template(
        "staff/destructions/index.html",
        rows=list(zip(rows, counts([row.items for row in rows]), strict=True)),
    )


@bp.get("/<int:id>")
@can("read_destruction")
def show(id):
    row = _visible_list(id)
    response = make_response(_page(row))
    if (
        row.certificate
    ):  # who waited for it on the page gets its state and button in the heading too
        response.headers["HX-Refresh"] = "true"
    return response


def _page(row, typed=None, problem="", code=200):
    items = row.ordered_items()
    missing = (
        [explain(code, facts) for code, facts in row.missing()]
        if row.state in ("proposed", "approved")
        else []
    )
    witnesses, asked = list(row.witnesses), ApprovalRequest.current(row)
    task = asked and sees().tasks().where(Task.request == asked.id, Task.state == "open").first()
    return render(
        "staff/destructions/show.html",
        piece="staff/destructions/_list.html",
        status=code,
        typed=typed or {},
        problem=problem,
        page=DestructionPage(row, person(), asked, witnesses),
        row=row,
        items=items,
        missing=missing,
        class_name=class_name,
        witnesses=witnesses,
        asked=asked,
        path=asked.path() if asked else [],
        task=task,
        events=sorted(
            [
                *row.events,
                *(
                    e
                    for e in (asked.events if asked else ())
                    if e.action not in ("approved", "rejected", "returned", "recalled")
                ),
            ],
            key=lambda e: e.id,
        ),
        possible=row.possible_witnesses(),
        copies=erased_content.copies_left(row),
    )


@bp.get("/<int:id>/export.<any(csv,xlsx):form>")
@can("witness")
def export(id, form):
    """The list with the columns that the rule asks for."""
    row = _visible_list(id)
    heads = [
        _("Name"),
        _("Archive class"),
        _("First year"),
        _("Last year"),
        _("Archive no."),
        _("Files"),
        _("Retention period (years)"),
        _("Kept for (years)"),
        _("Destroyed at"),
        "SHA-256",
    ]
    rows = [
        [
            i.name,
            class_name(i.kind),
            i.first_year,
            i.last_year,
            i.code,
            i.files,
            i.term,
            i.kept,
            i.at and i.at.isoformat(" ", "minutes"),
            i.sha,
        ]
        for i in row.ordered_items()
    ]
    return table_file(row.number, form, heads, rows)


@bp.post("/<int:id>/submission")
@can("appraise")
@idempotent
def submit(id):
    """Submit a returned list again."""
    try:
        _visible_list(id).propose_again(person(), form_text("opinion", 1000))
    except Refused as error:
        return _page(_visible_list(id), request.form, sentence(error), status(error))
    return _back(id, _("Submitted again."))


@bp.post("/<int:id>/recall")
@can("appraise")
@idempotent
def recall(id):
    _visible_list(id).recall(person())
    return _back(id, _("Recalled."))


@bp.post("/<int:id>/withdrawal")
@can("appraise")
@idempotent
def withdraw(id):
    _visible_list(id).withdraw(person())
    return _back(id, _("List cancelled. All files are kept."))


@bp.post("/<int:id>/witnesses")
@can("appraise")
@idempotent
def witnesses(id):
    people = [User.colleague(form_id(name)) or abort(404) for name in ("first", "second")]
    try:
        _visible_list(id).name_witnesses(person(), *people)
    except Refused as error:
        return _page(_visible_list(id), request.form, sentence(error), status(error))
    return _back(id, _("Witnesses assigned."))


@bp.post("/<int:id>/replacement")
@can("appraise")
@idempotent
def replace(id):
    """Another in place of a witness who can no longer sign."""
    row = _visible_list(id)
    try:
        row.replace_witness(person(), User.colleague(form_id("witness")) or abort(404))
    except Refused as error:
        return _page(row, request.form, sentence(error), status(error))
    return _back(id, _("Witness assigned."))


@bp.post("/<int:id>/check")
@can("witness")
@idempotent
def check(id):
    _visible_list(id).check(person())
    return _back(id, _("You have checked it."))


@bp.post("/<int:id>/execution")
@can("destroy")
@idempotent
def carry_out(id):
    _visible_list(id).carry_out(person())
    return _back(
        id, _("Destruction started. Files are being erased; the witnesses sign afterwards.")
    )


@bp.post("/<int:id>/signature")
@can("witness")
@idempotent
def sign(id):
    _visible_list(id).sign(person())
    return _back(id, _("You have signed."))


@bp.get("/<int:id>/certificate")
@can("witness")
def certificate(id):
    row = _visible_list(id)
    if not row.certificate:
        abort(404)
    return send_data(
        blobs.fetch(row.certificate),
        mimetype="application/pdf",
        download_name=filenames.pdf_of(row.number),
    )
