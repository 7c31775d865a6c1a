"""Retention terms, and the appraisal of what is due: what may be destroyed, and what may not."""

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from models.archive import CLASSES, DestructionList, Filing, RetentionRule, retention
from models.archive.appraisal import appraise
from models.archive.folder import Folder, classes
from models.core.clock import today
from models.core.errors import Refused, refuse
from views.refusals import explain, sentence, status
from views.staff.archive import class_name
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_choice, form_id, form_ids, form_text
from views.web.firm import firm
from views.web.idempotency import idempotent
from views.web.pages import flash_ok
from views.web.scope import person, sees

bp = StaffBlueprint(
    "retention", __name__, url_prefix="/archive/retention", menu="archive", help="11-keeping"
)
MOST = 50


def block_said(block):
    """Why something is held back, in the reader's language."""
    code, facts = block
    said = explain(f"blocked_{code}", {"file": "", "name": "", "number": ""} | facts)
    return said.lstrip(": ：")


@bp.get("/")
@can("legal_hold")
def index():
    return _page()


class TermsPage:
    """The terms of the classes, with what was typed for one of them and refused."""

    def __init__(self, typed, person, rules):
        self.typed, self.person = typed, person
        self.rules = [rules[kind] for kind in classes()]

    def least(self, rule):
        return rule.least_in(firm())

    def may_change(self, rule):
        """Registers of destruction are kept for ever."""
        return self.person.may("appraise") and rule.kind != "destruction_register"

    @property
    def homeless(self):
        """Years typed for a class that there is not."""
        return self.typed.get("years") and self.typed.get("kind") not in CLASSES


def _page(typed=None, problem="", code=200):
    folders, rules = list(Folder.select()), RetentionRule.every()
    days = retention.days_due(folders, rules)
    query = retention.due(days).where(Filing.id.in_(sees().filings().select(Filing.id)))
    rows = [(filing, [block_said(b) for b in found]) for filing, found in appraise(query, MOST)]
    coming = sorted(
        ((days[f.id], f) for f in folders if (days[f.id] or today()) > today()),
        key=lambda row: (row[0], row[1].id),
    )[:8]
    plan, no_flow = _foreseen() if person().may("appraise") else ([], "")
    page = TermsPage(typed or {}, person(), rules)
    return make_response(
        render_template(
            "staff/retention/index.html",
            page=page,
            plan=plan,
            no_flow=no_flow,
            rows=rows,
            count=query.count(),
            most=MOST,
            coming=coming,
            typed=typed or {},
            class_name=class_name,
            problem=problem,
            until=days,
        ),
        code,
    )


def _foreseen():
    """Who will be asked about a list drawn up now, or why nobody can be."""
    try:
        return DestructionList.preview(person()), ""
    except Refused as error:
        return [], sentence(error)


@bp.post("/rules")
@can("appraise")
@idempotent
def define():
    try:
        kind, years = form_choice("kind", CLASSES), form_id("years")
        years or not request.form.get("years", "").strip() or refuse("amount_unreadable")
        RetentionRule.define(person(), kind, years or None)
    except Refused as error:
        return _page(request.form, sentence(error), status(error))
    flash_ok(_("Saved."))
    return redirect(url_for(".index"), 303)


@bp.post("/lists")
@can("appraise")
@idempotent
def propose():
    """A list of destruction from the chosen."""
    try:
        ids = form_ids("ids", MOST)
        opinion = form_text("opinion", 1000)
        filings = list(sees().filings().where(Filing.id.in_(ids or [0])).order_by(Filing.id))
        len(filings) == len(ids) or refuse("nothing_chosen")
        row = DestructionList.propose(person(), filings, opinion)
    except Refused as error:
        return _page(request.form, sentence(error), status(error))
    return redirect(url_for("destructions.show", id=row.id), 303)
