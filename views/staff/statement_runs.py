"""Statements for all customers at once, with a progress bar that survives a reload."""

from flask import redirect, request, url_for
from flask_babel import gettext as _

from models.core.clock import today
from models.core.wake import wake
from models.customers import Customer
from models.receivables.statement_run import StatementRun
from views.refusals import SENTENCES
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_day
from views.web.idempotency import idempotent
from views.web.language import N_
from views.web.pages import render
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "statement_runs", __name__, url_prefix="/statement-runs", menu="statements", help="07-payment"
)
FAILURES = {
    "pdf_failed": N_("The PDF could not be made."),
    "unexpected": N_("Stopped by an unexpected error."),
}


@bp.post("/")
@can("statement")
@idempotent
def create():
    run = StatementRun.begin(
        person(),
        form_day("since", empty=today()),
        form_day("until", empty=today()),
        send=bool(request.form.get("send")),
    )
    wake("statements")
    return redirect(url_for(".show", id=run.id), 303)


@bp.get("/<int:id>")
@can("statement")
def show(id):
    run = get_or_404(sees().statement_runs(), id)
    names = dict(
        sees()
        .customers()
        .select(Customer.id, Customer.name)
        .where(Customer.id.in_([f[0] for f in run.failures] or [0]))
        .tuples()
    )
    failures = [(c, names.get(c, ""), currency, _why(code)) for c, currency, code in run.failures]
    return render(
        "staff/statement_runs/show.html",
        piece="staff/statement_runs/_run.html",
        run=run,
        made=run.made,
        total=len(run.todo),
        failures=failures,
    )


def _why(code):
    """Why a statement was not made, in the reader's language; an unknown code as it is."""
    known = SENTENCES | FAILURES
    return _(known[code]) if code in known else code
