"""The way out of greetings, and the answer to a survey, by the links in mails. Looking changes
nothing: mail scanners follow links."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import force_locale

from models.care import OptOutLink, Survey, opt_out
from models.core.errors import Refused, refuse
from views.refusals import sentence, status
from views.web.auth import public
from views.web.fields import form_text
from views.web.language import chosen_language

bp = Blueprint("opt_outs", __name__)


@bp.get("/no-more-greetings/<secret>")
@public
def show(secret):
    contact = OptOutLink.contact_of(secret[:100])
    return _way_out(contact, False, 200 if contact else 404)


@bp.post("/no-more-greetings/<secret>")
@public
def create(secret):
    """By the button, or by a mail program's one click (RFC 8058), which brings no form token: see
    create_app."""
    contact = OptOutLink.contact_of(secret[:100])
    if contact:
        opt_out.stop(contact, contact)
    return _way_out(contact, True, 200 if contact else 404)


def _way_out(contact, done, code):
    if contact is None:
        return make_response(
            render_template("portal/feedback/way_out.html", contact=None, done=False), code
        )
    spoken = chosen_language() or contact.language
    with force_locale(spoken):
        return make_response(
            render_template(
                "portal/feedback/way_out.html",
                contact=contact,
                locale=spoken,
                done=done or contact.greetings_off_at is not None,
            ),
            code,
        )


@bp.get("/survey/<secret>")
@public
def survey(secret):
    return _question(secret)


@bp.post("/survey/<secret>")
@public
def answer(secret):
    row, text = Survey.of(secret[:100]), request.form.get("score", "")
    try:
        row or refuse("survey_over")
        text.isdecimal() and text.isascii() and len(text) < 3 or refuse("choice_unknown")
        row.answer(int(text), form_text("comment", 4000))
    except Refused as error:
        return _question(secret, sentence(error), status(error))
    return redirect(url_for(".survey", secret=secret), 303)


def _question(secret, problem="", code=200):
    row, chosen = Survey.of(secret[:100]), request.values.get("score", "")
    page = {
        "row": row,
        "problem": problem,
        "comment": request.form.get("comment", ""),
        "chosen": int(chosen)
        if chosen.isdecimal() and chosen.isascii() and len(chosen) < 3
        else None,
    }
    if row is None:
        return make_response(render_template("portal/feedback/survey.html", **page), 404)
    if problem:  # already said in the reader's language
        return make_response(render_template("portal/feedback/survey.html", **page), code)
    spoken = chosen_language() or row.contact.language
    with force_locale(spoken):
        return make_response(
            render_template("portal/feedback/survey.html", locale=spoken, **page), code
        )
