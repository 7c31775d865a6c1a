"""A changed bank account, old against new, and what a second person decides about it."""

from flask import redirect, render_template, url_for
from flask_babel import gettext as _

from models.account_change import AccountChange
from models.core.journal import changed_fields
from views.web import events
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.events import changes
from views.web.fields import form_text
from views.web.idempotency import idempotent
from views.web.pages import flash_ok
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "account_changes", __name__, url_prefix="/account-changes", menu="home", help="14-accounts"
)


def rows_of(change):
    """[(field, what prints, what is to print)]."""
    facts = changed_fields(change.was, change.values)
    return changes.of_facts("Company", facts)


@bp.get("/<int:id>")
@can("decide_account")
def show(id):
    change = get_or_404(sees().account_changes(), id)
    return render_template(
        "staff/account_changes/show.html",
        change=change,
        rows=rows_of(change),
        told=[events.told(event) for event in change.events],
        waits=change == AccountChange.waiting(),
        mine=change.asked_by == person(),
        may_approve=person() in change.deciders,
    )


@bp.post("/<int:id>/approval")
@can("decide_account")
@idempotent
def approve(id):
    get_or_404(sees().account_changes(), id).approve(by=person())
    flash_ok(_("Documents print the new account from now on."))
    return redirect(url_for(".show", id=id), 303)


@bp.post("/<int:id>/rejection")
@can("decide_account")
@idempotent
def reject(id):
    change = get_or_404(sees().account_changes(), id)
    change.reject(person(), form_text("reason", 500))
    flash_ok(_("The former account goes on being printed."))
    return redirect(url_for(".show", id=id), 303)


@bp.post("/<int:id>/withdrawal")
@can("decide_account")
@idempotent
def withdraw(id):
    get_or_404(sees().account_changes(), id).withdraw(by=person())
    flash_ok(_("The former account goes on being printed."))
    return redirect(url_for(".show", id=id), 303)
