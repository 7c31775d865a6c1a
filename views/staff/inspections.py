"""The four tests: run them, watch, read the report."""

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import pgettext

from models.archive import Inspection, InspectionFinding
from models.archive.inspection import TESTS
from models.core.wake import wake
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.downloads import table_file
from views.web.idempotency import idempotent
from views.web.pages import render
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "inspections", __name__, url_prefix="/archive/inspections", menu="archive", help="10-filing"
)


def finding_said(code):
    """What a finding means and what to do."""
    return {
        "hash_not_in_journal": _("The file is not the one recorded in the audit log."),
        "row_changed": _("The archive record was changed outside Danju."),
        "paper_differs": _("Number or hash differ from the document's."),
        "journal": _("The audit log has an error."),
        "facts_missing": _("Number, date, name or title is missing."),
        "version_missing": _(
            "A version of the file is missing or damaged. Restore it from a backup."
        ),
        "bytes_missing": _("The file is missing. Restore it from a backup."),
        "bytes_changed": _("The file was altered. Restore it from a backup."),
        "places_missing": _("A folder has missing entries."),
        "does_not_open": _("The file can't be opened. Add an intact copy as a new version."),
        "text_unreadable": _("The required number can't be read from the text."),
        "active_content": _(
            "The PDF contains scripts or other active content. Print it to a new PDF and add "
            "that as a new version."
        ),
        "no_copy": _("The newest backup is older than this file."),
        "no_copies_known": _("There is no backup, so no file has a second copy. Set up a backup."),
    }[code]


@bp.get("/")
@can("archive")
def index():
    rows = list(sees().inspections().order_by(Inspection.id.desc()).limit(100))
    return render_template("staff/inspections/index.html", rows=rows, tests=TESTS)


@bp.post("/")
@can("archive")
@idempotent
def create():
    row = Inspection.ask(person())
    wake("archive")
    return redirect(url_for(".show", id=row.id), 303)


@bp.get("/<int:id>")
@can("archive")
def show(id):
    row = get_or_404(sees().inspections(), id)
    findings = list(row.findings.order_by(InspectionFinding.id).limit(500))
    return render(
        "staff/inspections/show.html",
        piece="staff/inspections/_inspection.html",
        row=row,
        findings=findings,
        tests=TESTS,
        said=finding_said,
    )


@bp.get("/<int:id>/export.<any(csv,xlsx):form>")
@can("archive")
def export(id, form):
    row = get_or_404(sees().inspections(), id)
    heads = [_("Test"), _("Archive no."), _("File"), pgettext("check", "Result"), _("Detail")]
    rows = [
        [
            f.test,
            f.filing.code if f.filing else "",
            f.filing.name if f.filing else "",
            finding_said(f.code),
            " ".join(map(str, f.facts.values())),
        ]
        for f in row.findings.order_by(InspectionFinding.id)
    ]
    return table_file(f"inspection-{row.id}", form, heads, rows)
