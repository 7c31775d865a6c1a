"""What complaints teach, by reason, product and person, and what was changed."""
import datetime as dt

from flask import Blueprint, render_template, request
from flask_login import current_user

from models.base import today
from models.disputes import statistics
from views.helpers import audience
from views.lists import typed_day

bp = Blueprint("dispute_figures", __name__, url_prefix="/disputes/figures")


@bp.get("/")
@audience("admin", "manager", "finance")
def index():
    since = typed_day("since") or today() - dt.timedelta(days=365)
    until = typed_day("until")
    found = statistics(current_user.disputes(), since, until + dt.timedelta(days=1) if until else None)
    return render_template("staff/dispute_figures/index.html", chosen=request.args, since=since, **found)
