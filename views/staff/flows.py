"""Approval flows: list, editor, try it, as a file."""
import io
import json

from flask import Blueprint, make_response, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_login import current_user

from models.approvals import ApprovalFlow, ApprovalRequest
from models.approvals.flow import KINDS, import_flows
from models.base import Refused, canonical, refuse
from models.documents import Document
from views.staff.flow_form import FlowForm, form_of
from views.forms import said, whole
from views.helpers import audience, find, flash_ok, once
from views.refusals import sentence

bp = Blueprint("flows", __name__, url_prefix="/flows")


@bp.get("/")
@audience("admin")
def index():
    flows = list(current_user.flows())
    flows.sort(key=lambda f: (KINDS.index(f.kind), not f.active, -f.priority, -f.least, f.id))
    return render_template("staff/flows/index.html", kinds=KINDS, flows=flows, waiting={f.id: f.under_way().count() for f in flows})


@bp.route("/new", methods=["GET", "POST"])
@audience("admin")
def new():
    return _form(None)


@bp.route("/<int:id>/edit", methods=["GET", "POST"])
@audience("admin")
def edit(id):
    return _form(find(current_user.flows(), id))


def _form(flow):
    form, problem, status = form_of(flow), "", 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                data = form.values()
                if flow:
                    flow.revise(current_user, version=whole(str(form.version.data or "")), **data)
                else:
                    ApprovalFlow.define(current_user, **data)
                flash_ok(_("Saved. What is under way keeps the flow it began with."))
                return redirect(url_for(".index"), 303)
            except Refused as error:
                problem = sentence(error)
    return make_response(render_template("staff/flows/edit.html", form=form, flow=flow, problem=problem,
                                         under_way=list(flow.under_way().limit(20)) if flow else []), status)


@bp.get("/step")
@audience("admin")
def step():
    """One more level for the editor."""
    number = request.args.get("number", "")
    form = FlowForm(formdata=None)
    row = form.steps.append_entry()
    row.form.rename(int(number) if number.isdecimal() and len(number) < 4 else 0)
    return render_template("staff/flows/_step.html", step=row.form)


@bp.get("/try")
@audience("admin")
def trial():
    """Which flow and which people an existing document would take, and why."""
    number = request.args.get("number", "").strip()[:100]
    document = current_user.documents().where(Document.number == number).first() if number else None
    if number.isdecimal() and not document and len(number) < 10:
        document = current_user.documents().where(Document.id == int(number)).first()
    tried = ApprovalRequest.try_it(document) if document else []
    told = [(flow, judged, holds, [(s, people, sentence(why) if why else "") for s, people, why in steps])
            for flow, judged, holds, steps in tried]
    return render_template("staff/flows/try.html", number=number, document=document, told=told,
                           chosen=next((row[0].id for row in told if row[2]), told[0][0].id if told else None))


@bp.get("/export.json")
@audience("admin")
def export():
    rows = canonical([flow.as_file() for flow in current_user.flows().order_by(ApprovalFlow.id)])
    return send_file(io.BytesIO(json.dumps(json.loads(rows), ensure_ascii=False, indent=1).encode()), as_attachment=True,
                     mimetype="application/json", download_name="flows.json")


@bp.post("/import")
@audience("admin")
@once
def take_in():
    upload = request.files.get("file")
    data = upload.read(2 ** 20 + 1) if upload else b""
    try:
        rows = json.loads(data.decode("utf-8-sig"))
        len(data) <= 2 ** 20 and isinstance(rows, list) or refuse("flow_file")
    except (ValueError, RecursionError):
        refuse("flow_file")
    flash_ok(_("%(n)s flows taken in.", n=import_flows(current_user, rows)))
    return redirect(url_for(".index"), 303)


@bp.post("/<int:id>/activity")
@audience("admin")
@once
def toggle(id):
    flow = find(current_user.flows(), id)
    flow.revise(current_user, active=not flow.active)
    return redirect(url_for(".index"), 303)


@bp.post("/ready")
@audience("admin")
@once
def ready():
    """One of the three ready sets, for a firm of 5, 20 or 50."""
    from models.approvals.ready import put_ready
    put_ready(current_user, said("size", 3))
    flash_ok(_("The ready flows are in place. The ones before are switched off."))
    return redirect(url_for(".index"), 303)
