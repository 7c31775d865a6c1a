"""The number book: every series from first to last."""

from flask import render_template
from flask_babel import gettext as _

from models.operations.number_book import number_book
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.downloads import table_file
from views.web.labels import kind_name
from views.web.scope import sees

bp = StaffBlueprint(
    "number_book", __name__, url_prefix="/numbers", menu="number_book", help="05-issue"
)


@bp.get("/")
@can("see_numbers")
def index():
    return render_template("staff/number_book/index.html", rows=number_book(sees().documents()))


@bp.get("/export.<any(csv,xlsx):form>")
@can("see_numbers")
def export(form):
    heads = [
        _("Type"),
        _("Period"),
        _("First"),
        _("Last"),
        _("Used"),
        _("Missing numbers"),
        _("Voided"),
    ]
    rows = [
        [
            kind_name(r["series"].kind),
            r["series"].period,
            r["first"],
            r["last"],
            r["count"],
            r["gaps"],
            "; ".join(f"{v.number}: {v.void_reason}" for v in r["voided"]),
        ]
        for r in number_book(sees().documents())
    ]
    return table_file("numbers", form, heads, rows)
