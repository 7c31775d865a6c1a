"""Year packages: ask for one, watch it being made, take it away."""

from flask import abort, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from models.adapters import large_files
from models.archive import YearPackage, filing_by_rule
from models.core.errors import refuse
from models.core.wake import wake
from views.staff.archive import folders
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_id
from views.web.idempotency import idempotent
from views.web.labels import listed
from views.web.pages import flash_no, flash_ok, render
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "packages", __name__, url_prefix="/archive/packages", menu="archive", help="11-keeping"
)


@bp.get("/")
@can("archive")
def index():
    rows = YearPackage.newest(sees().packages())
    return render_template(
        "staff/packages/index.html",
        rows=rows,
        years=(years := [year for year, _kinds in folders()]),
        unfiled=[
            (year, count) for year in years if (count := filing_by_rule.unfiled(year).count())
        ],
    )


@bp.post("/")
@can("archive")
@idempotent
def create():
    year = form_id("year")
    1900 < year < 3000 or refuse("choice_unknown")
    row = YearPackage.ask(person(), year)
    wake("archive")
    return redirect(url_for(".show", id=row.id), 303)


@bp.post("/filings")
@can("archive")
def file():
    """File now what no rule has filed yet, so that the package holds it. Each by itself: PDFs are
    made meanwhile, and others write."""
    year = form_id("year")
    1900 < year < 3000 or refuse("choice_unknown")
    done, troubles = filing_by_rule.file_year(person(), year)
    if done:
        flash_ok(ngettext("1 document archived.", "%(num)s documents archived.", done))
    if troubles:
        flash_no(_("These can't be archived: %(numbers)s", numbers=listed(troubles[:20])))
    return redirect(url_for(".index"), 303)


@bp.get("/<int:id>")
@can("archive")
def show(id):
    row = get_or_404(sees().packages(), id)
    return render("staff/packages/show.html", piece="staff/packages/_package.html", row=row)


@bp.get("/<int:id>/zip")
@can("archive")
def download(id):
    row = get_or_404(sees().packages(), id)
    if row.gone:
        return redirect(url_for(".show", id=id), 303)
    row.state == "done" or abort(404)
    answer = send_file(
        large_files.source(row.file_name),
        mimetype="application/zip",
        as_attachment=True,
        download_name=row.name,
    )
    answer.content_length = answer.content_length or row.size
    return answer
