"""Decisions: what the figures suggest, done with one click or asked of a colleague, and what came
of it."""

import datetime as dt

from flask import current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _

from models.core.clock import today
from models.core.errors import refuse
from models.customers import Customer
from models.insights import proposals
from models.insights.acts import CAUSES, KINDS, Act
from views.figures.page import lens_parameters, offered_currencies, requested_lens
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_choice, form_currency, form_day, form_ids, form_number, form_text
from views.web.idempotency import idempotent
from views.web.pages import flash_ok, render
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint("acts", __name__, url_prefix="/insights/acts", menu="insights", help="13-care")


@bp.get("/")
@can("act")
def index():
    acts = sees().acts().order_by(Act.id.desc()).limit(50)
    return render_template(
        "staff/acts/index.html",
        look=requested_lens(),
        causes=CAUSES,
        acts=list(acts),
        currencies=offered_currencies(),
        args=lens_parameters,
    )


@bp.get("/<any(stopped,best,weak,overdue):cause>")
@can("act")
def proposal(cause):
    """What the figures suggest with this cause, which the page of all need not wait for."""
    lens = requested_lens()
    return render(
        "staff/acts/proposal.html",
        piece="staff/acts/_proposal.html",
        look=lens,
        cause=cause,
        looked=True,
        p=proposals.proposal_for(lens, cause),
        args=lens_parameters,
        text=_texts()[cause],
        due_on=today() + dt.timedelta(days=7),
    )


def _texts():
    """What is proposed to be said, by cause, in the reader's language: (follow-up, subject, letter,
    name of a price list)."""
    return {
        "stopped": (
            _("Ask why they have not ordered for so long"),
            _("It's been a while"),
            _(
                "It has been a while since your last order. Is there anything we can do "
                "better? We would be glad to hear from you."
            ),
            _("Win-back prices"),
        ),
        "best": (
            _("Thank them and offer the loyalty discount"),
            _("Thank you for your loyalty"),
            _(
                "Thank you for being one of our best customers. We have an offer for you; "
                "please contact your salesperson."
            ),
            _("Loyalty prices"),
        ),
        "weak": (
            _("Ask what they buy elsewhere now, and why"),
            _("News from our range"),
            _("We have new products in a range you used to buy. May we show you?"),
            _("Special prices"),
        ),
        "overdue": (
            _("Talk about paying on time"),
            _("Discuss payment terms"),
            _("Please contact us to agree payment terms that suit us both."),
            "",
        ),
    }


@bp.get("/<int:id>")
@can("act")
def show(id):
    act = get_or_404(sees().acts(), id)
    tasks, mails = act.progress()
    return render_template(
        "staff/acts/show.html",
        act=act,
        came=act.effect(),
        tasks=tasks,
        mails=mails,
        customers=act.customers(),
        control=act.customers(control=True),
        events=list(act.events),
        may_decide=act.may_decide(person()),
        letters=Act.preview(act.kind, act.customers(), act.options, current_app.config["BASE_URL"])
        if act.state == "asked"
        else [],
    )


@bp.post("/preview")
@can("act")
def preview():
    """The letters as the customers would get them; nothing is done."""
    kind, cause, currency, customers, proposal = _requested()
    options = _options(kind, proposal)
    return render_template(
        "staff/acts/preview.html",
        kind=kind,
        cause=cause,
        letters=Act.preview(kind, customers, options, current_app.config["BASE_URL"]),
        given=[
            (name, value)
            for name in request.form
            for value in request.form.getlist(name)
            if name not in ("kind", "csrf_token", "idempotency_key")
        ],
        args=lens_parameters,
    )


def _requested():
    """(kind, cause, currency, customers, proposal) of the form."""
    kind, cause = form_choice("kind", KINDS), form_choice("cause", CAUSES)
    currency = form_currency()
    ids = form_ids("ids", 200)
    customers = list(sees().customers().where(Customer.id.in_(ids or [0])).order_by(Customer.id))
    customers or refuse("nothing_chosen")
    return (
        kind,
        cause,
        currency,
        customers,
        proposals.proposal_for(requested_lens().replace(currency=currency), cause),
    )


@bp.post("/")
@can("act")
@idempotent
def create():
    kind, cause, currency, customers, proposal = _requested()
    act = Act.begin(
        person(),
        kind,
        cause,
        customers,
        currency,
        proposal.facts if proposal else {},
        _options(kind, proposal),
        control=bool(request.form.get("control")),
        base_url=current_app.config["BASE_URL"],
    )
    flash_ok(
        _("Request sent. A colleague must approve it.") if act.state == "asked" else _("Done.")
    )
    return redirect(url_for("acts.show", id=act.id), 303)


def _options(kind, proposal):
    """What was typed, for this kind; what belongs to other kinds must be sound too, so that nothing
    odd goes unseen."""
    what, subject, text = (
        form_text("what", 200, lines=False),
        form_text("subject", 200, lines=False),
        form_text("text", 4000),
    )
    name = form_text("list_name", 200, lines=False)
    due_on = form_day("due_on", empty=today() + dt.timedelta(days=7))
    discount = form_number("discount", 2, 1, 9000, empty=300)
    days = form_number("days", 0, 1, 730, empty=90)
    terms = form_number("terms_days", 0, 0, 365, empty=30)
    needed = {"tasks": what, "campaign": subject and text, "prices": name}.get(kind, True)
    needed or refuse("text_needed")
    return {
        "tasks": {"what": what, "due_on": due_on.isoformat()},
        "campaign": {"subject": subject, "text": text},
        "prices": {
            "name": name,
            "discount": discount,
            "days": days,
            "category": (proposal.facts.get("category", "") if proposal else ""),
        },
        "terms": {"terms_days": terms},
    }[kind]


@bp.post("/<int:id>/agreement")
@can("decide_act")
@idempotent
def agree(id):
    get_or_404(sees().acts(), id).agree(by=person(), base_url=current_app.config["BASE_URL"])
    flash_ok(_("Done."))
    return redirect(url_for("acts.show", id=id), 303)


@bp.post("/<int:id>/refusal")
@can("decide_act")
@idempotent
def decline(id):
    get_or_404(sees().acts(), id).decline(by=person(), reason=form_text("reason", 500))
    return redirect(url_for("acts.show", id=id), 303)
