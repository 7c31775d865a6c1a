"""How files of each class are called, and when papers are filed by themselves."""

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from models.archive import CLASSES, FilingRule
from models.archive.folder import OWN_CLASSES, classes
from models.archive.naming import TOKENS
from models.core.errors import Refused, refuse
from views.refusals import sentence, status
from views.staff.archive import class_name
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_choice, form_text
from views.web.idempotency import idempotent
from views.web.pages import flash_ok
from views.web.scope import person

bp = StaffBlueprint(
    "filing_rules", __name__, url_prefix="/archive/rules", menu="archive", help="10-filing"
)


class FilingRulesPage:
    """The rules of the classes, with what was typed for one of them and refused."""

    def __init__(self, typed):
        self.typed = typed
        self.rules = [FilingRule.of(kind) for kind in classes()]

    def by_days(self, rule):
        """Whether papers of this class are filed by themselves."""
        return rule.kind in OWN_CLASSES

    def when_settled(self, rule):
        """Whether papers of this class can be settled."""
        return rule.kind not in ("quote", "reminder")

    @property
    def homeless(self):
        """What was typed for a class that there is not."""
        return self.typed.get("kind") and self.typed.get("kind") not in CLASSES


@bp.get("/")
@can("archive")
def index():
    return _page()


def _page(typed=None, problem="", code=200):
    page = FilingRulesPage(typed or {})
    return make_response(
        render_template(
            "staff/filing_rules/index.html",
            page=page,
            tokens=TOKENS,
            class_name=class_name,
            typed=typed or {},
            problem=problem,
        ),
        code,
    )


@bp.post("/")
@can("archive")
@idempotent
def create():
    try:
        kind, pattern, days = (
            form_choice("kind", CLASSES),
            form_text("pattern", 120, lines=False),
            form_text("days", 20, lines=False),
        )
        FilingRule.define(
            person(),
            kind,
            pattern,
            whole_days(days),
            "settled" in request.form,
        )
    except Refused as error:
        return _page(request.form, sentence(error), status(error))
    flash_ok(_("Saved."))
    return redirect(url_for(".index"), 303)


def whole_days(text):
    """Days as typed; nothing typed is -1, never by days."""
    text == "" or text.isascii() and text.isdigit() and len(text) < 6 or refuse("amount_unreadable")
    return int(text) if text else -1
