"""What complaints teach, by reason, product and person, and what was changed."""

import datetime as dt

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from models.company import Company
from models.core.clock import today
from models.core.errors import refuse
from models.disputes import statistics
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_id, query_day
from views.web.idempotency import idempotent
from views.web.pages import flash_ok
from views.web.scope import person, sees

bp = StaffBlueprint(
    "dispute_figures",
    __name__,
    url_prefix="/disputes/figures",
    menu="disputes",
    help="08-reminders",
)


@bp.get("/")
@can("see_figures")
def index():
    since = query_day("since") or today() - dt.timedelta(days=365)
    until = query_day("until")
    found = statistics(sees().disputes(), since, until + dt.timedelta(days=1) if until else None)
    return render_template(
        "staff/dispute_figures/index.html",
        chosen=request.args,
        since=since,
        targets=Company.current().setting("dispute_hours"),
        **found,
    )


@bp.post("/targets")
@can("configure")
@idempotent
def targets():
    """The working hours within which a complaint is answered, and solved."""
    answer, settle = (form_id(name) for name in ("answer", "settle"))
    0 < answer <= settle <= 1000 or refuse("dispute_targets")
    Company.current().revise(
        person(), settings={"dispute_hours": {"answer": answer, "settle": settle}}
    )
    flash_ok(_("Saved. Existing disputes keep their time limit."))
    return redirect(url_for("dispute_figures.index"), 303)
