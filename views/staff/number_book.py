"""The number book: every series from first to last."""
from flask import Blueprint, render_template

from models import checks
from views.helpers import audience

bp = Blueprint("number_book", __name__, url_prefix="/numbers")


@bp.get("/")
@audience("finance", "manager", "archivist", "admin")
def index():
    return render_template("staff/number_book/index.html", rows=checks.number_book())
