"""What the customer tells us: a score asked for, praise, an idea, a complaint; greetings on or
off."""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from models.care import Feedback, opt_out
from models.care.feedback import KINDS
from models.core.errors import refuse
from views.staff.feedback import NAMES
from views.web.auth import contacts_only
from views.web.blueprints import PortalBlueprint
from views.web.fields import form_text
from views.web.idempotency import idempotent
from views.web.pages import flash_ok
from views.web.scope import get_or_404, person, sees

bp = PortalBlueprint(
    "portal_feedback", __name__, url_prefix="/portal/feedback", menu="portal_feedback"
)


@bp.get("/")
@contacts_only
def index():
    return render_template(
        "portal/feedback/index.html",
        surveys=list(sees().surveys_waiting()),
        kinds=KINDS,
        names=NAMES,
        rows=list(sees().feedback_given().order_by(Feedback.id.desc()).limit(50)),
    )


@bp.post("/")
@contacts_only
@idempotent
def create():
    Feedback.write(person(), request.form.get("kind", ""), form_text("text", 4000))
    flash_ok(_("Thank you. We will answer soon."))
    return redirect(url_for(".index"), 303)


@bp.post("/surveys/<int:id>")
@contacts_only
@idempotent
def score(id):
    """One tap: the score."""
    row, text = get_or_404(sees().surveys_waiting(), id), request.form.get("score", "")
    text.isdecimal() and text.isascii() and len(text) < 3 or refuse("choice_unknown")
    row.answer(int(text))
    flash_ok(_("Thank you."))
    return redirect(url_for(".index"), 303)


@bp.post("/greetings")
@contacts_only
@idempotent
def greetings():
    """Greetings on or off."""
    contact = person()
    (opt_out.resume if contact.greetings_off_at else opt_out.stop)(contact, contact)
    flash_ok(_("Saved."))
    return redirect(url_for(".index"), 303)
