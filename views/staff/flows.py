"""Approval flows: list, editor, try it, as a file."""

import json

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from models.approvals import ApprovalFlow, ApprovalRequest
from models.approvals.flow import KINDS, import_flows
from models.approvals.ready import install_ready_flows
from models.approvals.step import understaffed
from models.core.errors import Refused, refuse
from models.core.fields import canonical
from models.customers import Customer
from models.documents import Document
from models.people import Team, User
from models.receivables.document_states import document_states
from views.refusals import sentence
from views.staff.flow_form import FlowForm, form_of
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.downloads import send_data
from views.web.fields import form_file, form_text, parse_id, query_id, query_text
from views.web.idempotency import idempotent
from views.web.pages import flash_ok
from views.web.scope import get_or_404, person, sees
from views.web.uploads import read_once, takes_files

MOST_MB = 1  # of a file of flows
bp = StaffBlueprint("flows", __name__, url_prefix="/flows", menu="settings", help="04-review")


@bp.get("/")
@can("configure")
def index():
    flows = list(sees().flows())
    plans, active = ApprovalFlow.plans(flows), list(User.select().where(User.active))
    flows.sort(key=lambda f: (KINDS.index(f.kind), not f.active, -f.priority, -f.least, f.id))
    return render_template(
        "staff/flows/index.html",
        kinds=KINDS,
        flows=flows,
        waiting=ApprovalRequest.waiting(),
        plans=plans,
        understaffed={f.id for f in flows if f.active and understaffed(plans[f.id], active)},
        names=names(),
    )


@bp.route("/new", methods=["GET", "POST"])
@can("configure")
def new():
    return _form(None)


@bp.route("/<int:id>/edit", methods=["GET", "POST"])
@can("configure")
def edit(id):
    return _form(get_or_404(sees().flows(), id))


def _form(flow):
    form, problem, status = form_of(flow), "", 200
    if "add_step" in request.form:  # without JavaScript; the button fetches the piece otherwise
        form.steps.append_entry()
    elif form.is_submitted():
        status = 422
        if form.validate():
            try:
                data = form.values()
                if flow:
                    flow.revise(person(), version=parse_id(str(form.version.data or "")), **data)
                else:
                    ApprovalFlow.define(person(), **data)
                flash_ok(_("Saved. Documents in approval keep their current flow."))
                return redirect(url_for(".index"), 303)
            except Refused as error:
                problem = sentence(error)
    return make_response(
        render_template(
            "staff/flows/edit.html",
            form=form,
            flow=flow,
            problem=problem,
            names=names(),
            under_way=[(r, r.open_task_names()) for r in flow.under_way().limit(20)]
            if flow
            else [],
            understaffed=flow.understaffed_steps() if flow else [],
            versions=list(flow.ordered_versions().limit(20)) if flow else [],
        ),
        status,
    )


@bp.get("/step")
@can("configure")
def step():
    """One more level for the editor."""
    form = FlowForm(formdata=None)
    row = form.steps.append_entry()
    number = query_id("number")
    row.form.rename(number if number < 1000 else 0)
    return render_template("staff/flows/_step.html", step=row.form)


@bp.get("/try")
@can("configure")
def trial():
    """Which flow and which people an existing document would take, and why; by its number, or
    chosen from those that fit what is typed."""
    number, void = query_text("number"), bool(request.args.get("void"))
    seen = sees().documents()
    document = seen.where(Document.number == number).first() if number else None
    if parse_id(number) and not document:
        document = seen.where(Document.id == parse_id(number)).first()
    rows = seen.select(Document, Customer).join(Customer).order_by(Document.id.desc())
    rows = (
        rows.where(Customer.name.contains(number) | Document.number.contains(number))
        if number
        else rows
    )
    papers = [] if document else list(rows.limit(15))
    tried = ApprovalRequest.simulate(document, "void" if void else None) if document else []
    told = [
        (
            flow,
            judged,
            holds,
            [(s, people, sentence(why) if why else "") for s, people, why in steps],
        )
        for flow, judged, holds, steps in tried
    ]
    return render_template(
        "staff/flows/try.html",
        number=number,
        void=void,
        document=document,
        told=told,
        names=names(),
        papers=papers,
        state_of=document_states(papers),
        chosen=told[0][0].id if told else None,
    )


def names():
    """{"owner": {id: name}, "team": {id: name}} for the conditions that name them."""
    return {
        "owner": {u.id: u.name for u in User.select(User.id, User.name)},
        "team": {t.id: t.name for t in Team.select()},
    }


@bp.get("/export.json")
@can("configure")
def export():
    rows = canonical([flow.as_portable() for flow in sees().flows().order_by(ApprovalFlow.id)])
    return send_data(
        json.dumps(json.loads(rows), ensure_ascii=False, indent=1).encode(),
        as_attachment=True,
        mimetype="application/json",
        download_name="flows.json",
    )


@read_once
def imported_rows():
    """What an uploaded file of flows says."""
    data, _name = form_file("file", MOST_MB * 2**20)
    try:
        rows = json.loads(data.decode("utf-8-sig"))
        len(data) <= 2**20 and isinstance(rows, list) or refuse("flow_file")
        return rows
    except (ValueError, RecursionError):
        refuse("flow_file")


@bp.post("/import")
@takes_files(MOST_MB)
@can("configure")
@idempotent(reading=imported_rows)
def take_in():
    done = import_flows(person(), imported_rows())
    flash_ok(ngettext("1 flow imported.", "%(num)s flows imported.", done))
    return redirect(url_for(".index"), 303)


@bp.post("/<int:id>/activity")
@can("configure")
@idempotent
def toggle(id):
    flow = get_or_404(sees().flows(), id)
    flow.revise(person(), active=not flow.active)
    return redirect(url_for(".index"), 303)


@bp.post("/ready")
@can("configure")
@idempotent
def ready():
    """One of the three ready sets, for a firm of 5, 20 or 50."""
    install_ready_flows(person(), form_text("size", 3))
    flash_ok(_("The template's flows are active. The previous ones are deactivated."))
    return redirect(url_for(".index"), 303)
