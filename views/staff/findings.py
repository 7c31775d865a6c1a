"""Findings of the daily checks: list, page, correction, closing; the monthly inspection report."""

import datetime as dt

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext, pgettext
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from models.core.clock import today
from models.core.errors import Refused, refuse
from models.governance import Finding, check, report
from models.people import User
from views.forms import DayField, Form, clean
from views.lists import Listing
from views.refusals import sentence
from views.staff.follow_ups import colleagues
from views.staff.rule_names import RULES, place, rule_advice, rule_name
from views.web.auth import can, staff_only
from views.web.blueprints import StaffBlueprint
from views.web.downloads import table_file
from views.web.fields import form_choice, form_id, form_text, query_id, query_month, query_text
from views.web.idempotency import idempotent
from views.web.labels import state_name
from views.web.pages import flash_ok
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "findings", __name__, url_prefix="/findings", menu="findings", help="15-training"
)
STATES = ("open", "corrected", "closed", "accepted")


class AcceptForm(Form):
    reason = TextAreaField(
        _l("Reason"), [InputRequired(), Length(max=2000, message=_l("This is too long.")), clean]
    )
    until = DayField(_l("Until"), [InputRequired()])


def listing():
    rows, state = (
        sees().findings().select(Finding, User).join(User, on=(Finding.owner == User.id)),
        query_text("state") or "standing",
    )
    if state in STATES:
        rows = rows.where(Finding.state == state)
    elif state == "standing":
        rows = rows.where(Finding.state.in_(("open", "corrected")))
    if query_text("rule") in RULES:
        rows = rows.where(Finding.rule == query_text("rule"))
    if query_text("serious") == "1":
        rows = rows.where(Finding.serious)
    if query_text("whose") == "mine":
        rows = rows.where(Finding.owner == person().id)
    if query_id("owner"):
        rows = rows.where(Finding.owner == query_id("owner"))
    return Listing(
        "findings",
        rows,
        {
            "due": (Finding.due_on, "day"),
            "found": (Finding.found_on, "day"),
            "rule": (Finding.rule, "text"),
            "owner": (User.name, "text"),
        },
        "due",
    )


@bp.get("/")
@staff_only
def index():
    return render_template(
        "staff/findings/index.html",
        listing=listing(),
        chosen=request.args,
        states=STATES,
        rules=RULES,
        rule_name=rule_name,
        day=today(),
    )


@bp.get("/export.<any(csv,xlsx):form>")
@staff_only
def export(form):
    heads = [
        _("Check"),
        _("What"),
        _("Owner"),
        _("Found on"),
        _("Due date"),
        _("State"),
        _("Correction"),
        _("Closed"),
    ]
    return listing().as_file(
        form,
        heads,
        lambda f: [
            rule_name(f.rule),
            f.about,
            f.owner.name,
            f.found_on,
            f.due_on,
            state_name(f.state),
            f.correction,
            f.closed_on,
        ],
    )


@bp.post("/run")
@can("govern")
@idempotent
def run():
    """Look now instead of tomorrow morning."""
    flash_ok(ngettext("1 new finding.", "%(num)s new findings.", len(check.run())))
    return redirect(url_for(".index"), 303)


class FindingPage:
    """What someone may do with a finding."""

    def __init__(self, row, person):
        self.row, self.person = row, person

    @property
    def may_correct(self):
        mine = self.row.owner_id == self.person.id
        return self.row.state == "open" and (mine or self.person.may("govern"))

    @property
    def may_close(self):
        return self.row.state == "corrected" and self.person.may("govern")

    @property
    def may_accept(self):
        return self.row.state in ("open", "corrected") and self.person.may("govern")

    @property
    def may_hand_over(self):
        return self.row.state == "open" and self.person.may("govern")


@bp.get("/<int:id>")
@staff_only
def show(id):
    return _page(
        get_or_404(sees().findings(), id),
        AcceptForm(formdata=None, data={"until": today() + dt.timedelta(days=90)}),
    )


def _page(row, accept, status=200):
    return make_response(
        render_template(
            "staff/findings/show.html",
            page=FindingPage(row, person()),
            row=row,
            accept=accept,
            events=list(row.events),
            people=colleagues(),
            name=rule_name(row.rule),
            advice=rule_advice(row.rule),
            place=place(row),
        ),
        status,
    )


@bp.post("/<int:id>/correction")
@staff_only
@idempotent
def correct(id):
    get_or_404(sees().findings(), id).correct(person(), form_text("note", 4000))
    flash_ok(_("Saved. Another person must close it."))
    return redirect(url_for(".show", id=id), 303)


@bp.post("/<int:id>/closing")
@can("govern")
@idempotent
def close(id):
    """Close it, or send it back to its owner."""
    row, act, note = (
        get_or_404(sees().findings(), id),
        form_choice("act", ("close", "reopen")),
        form_text("note", 2000),
    )
    (row.close if act == "close" else row.reopen)(person(), note)
    flash_ok(_("Saved."))
    return redirect(url_for(".show", id=id), 303)


@bp.post("/<int:id>/acceptance")
@can("govern")
@idempotent
def accept(id):
    row, form = get_or_404(sees().findings(), id), AcceptForm()
    if form.validate():
        try:
            row.accept(person(), form.reason.data, form.until.data)
            return redirect(url_for(".show", id=id), 303)
        except Refused as error:
            form.until.errors = [sentence(error)]
    return _page(row, form, 422)


@bp.post("/<int:id>/owner")
@can("govern")
@idempotent
def give(id):
    row = get_or_404(sees().findings(), id)
    row.hand_over(
        person(),
        User.colleague(form_id("person")) or refuse("no_such_person"),
    )
    return redirect(url_for(".index"), 303)


def _chosen_month():
    first = query_month("month")
    return first if first and first.year > 2000 else today().replace(day=1)


@bp.get("/report")
@can("see_reports")
def inspection():
    """The monthly inspection report."""
    first, scope = _chosen_month(), sees().findings()
    people = report.people()
    months, of_rules = report.trend(Finding.rule, first, scope)
    of_people = report.trend(Finding.owner, first, scope)[1]
    by_rule, by_person = (report.by(field, first, scope) for field in (Finding.rule, Finding.owner))
    return render_template(
        "staff/findings/report.html",
        first=first,
        months=months,
        rules_found=[
            (rule_name(k), row) for k, row in report.by(Finding.rule, first, scope).items()
        ],
        people_found=[
            (people[k], row) for k, row in report.by(Finding.owner, first, scope).items()
        ],
        rules_trend=[(rule_name(k), row) for k, row in of_rules.items()],
        people_trend=[(people[k], row) for k, row in of_people.items()],
        before=report.months_back(first, 2)[0],
        after=report.end_of(first) + dt.timedelta(days=1),
    )


@bp.get("/report.<any(csv,xlsx):form>")
@can("see_reports")
def report_file(form):
    first, scope, people = _chosen_month(), sees().findings(), report.people()
    heads = [
        _("Month"),
        _("Counted by"),
        pgettext("person", "Name"),
        _("Newly found"),
        _("Closed"),
        _("Open at the end"),
        _("of which overdue"),
        _("Days to fix"),
    ]
    rows = [
        [f"{first:%Y-%m}", _("Check"), rule_name(k), *r.values()]
        for k, r in report.by(Finding.rule, first, scope).items()
    ]
    rows += [
        [f"{first:%Y-%m}", _("Person"), people[k], *r.values()]
        for k, r in report.by(Finding.owner, first, scope).items()
    ]
    return table_file(f"inspection-{first:%Y-%m}", form, heads, rows)
