"""Documents: list, page, line editor and PDF."""

from flask import (
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from peewee import JOIN
from werkzeug.datastructures import MultiDict

from models.adapters import spreadsheets
from models.core import filenames
from models.core.clock import local, today
from models.core.errors import Refused, refuse
from models.core.journal import Event
from models.customers import Contact, Customer
from models.documents import KINDS, Document
from models.documents.draft import Autosave
from models.people import User
from models.receivables import document_tabs
from views.lists import zipped
from views.refusals import sentence
from views.staff.customer_choice import offered
from views.staff.document_form import (
    DocumentForm,
    read_rows,
    rows_of,
    shown_amounts,
    sums_of,
    taxes_of,
    typed_rows,
)
from views.staff.document_list import MONEY, STATES, listing, states
from views.staff.document_page import TABS, DocumentPage
from views.staff.line_rows import completed, empty_rows
from views.web.addresses import safe_next_url
from views.web.auth import can, staff_only
from views.web.blueprints import StaffBlueprint
from views.web.days import moment
from views.web.downloads import send_data
from views.web.events.changes import as_text
from views.web.fields import form_choice, form_id, form_ids, query_text
from views.web.idempotency import idempotent
from views.web.labels import kind_name, state_name
from views.web.pages import flash_no, flash_ok, pieces
from views.web.scope import get_customer, get_or_404, person, sees
from views.web.sheets import serve_sheets

bp = StaffBlueprint(
    "documents", __name__, url_prefix="/documents", menu="documents", help="03-making"
)
MOST_BULK = 500
CURRENCIES = ("CNY", "EUR", "USD", "GBP", "HKD", "JPY")


@bp.get("/")
@staff_only
def index():
    found = listing()
    state_of, day = states(found.rows), today()
    may = tuple(filter(person().may, ("write", "issue", "pay")))
    return render_template(
        "staff/documents/index.html",
        listing=found,
        rows=[(row, state_of[row.id], day, may) for row in found.rows],
        tabs=document_tabs.TABS,
        tab=query_text("tab"),
        filtered=bool(found.chosen.keys() - {"tab", "sort"}),
        kinds=KINDS,
        states=("standing", *STATES, *MONEY),
        chosen=request.args,
        sellers=User.named_with_role("sales"),
        currencies=CURRENCIES,
    )


@bp.get("/tabs")
@staff_only
def tabs():
    """The tabs with their figures."""
    customers = None if person().sees_all else sees().customer_ids()
    counts = document_tabs.counts(customers)
    return pieces(
        "staff/documents/_tabs.html",
        *([] if query_text("filtered") else ["staff/documents/_sums.html"]),
        tabs=document_tabs.TABS,
        tab=query_text("tab"),
        counts=counts,
        sums=counts.get(query_text("tab")),
    )


@bp.get("/export.<any(csv,xlsx):form>")
@staff_only
def export(form):
    heads = [
        _("Number"),
        _("Type"),
        _("State"),
        _("Customer"),
        _("Date"),
        _("Due date"),
        _("Currency"),
        _("Subtotal (excl. tax)"),
        _("Tax"),
        _("Total (incl. tax)"),
    ]
    return listing().as_file(
        form,
        heads,
        lambda d, state: [
            d.number or "",
            kind_name(d.kind),
            state_name(state),
            d.customer_name,
            d.issued_on or d.date,
            d.due_on,
            d.currency,
            *(spreadsheets.amount(v, d.currency) for v in (d.net, d.tax, d.total)),
        ],
        states,
    )


@bp.post("/bulk")
@can("write")
@idempotent
def bulk():
    """One act on each of the chosen, by the same verb as on its page; each outcome is told."""
    act = form_choice("act", ("submit", "issue", "send", "discard"))
    ids = form_ids("ids", MOST_BULK)
    documents = list(sees().documents().where(Document.id.in_(ids or [0])).order_by(Document.id))
    documents or refuse("nothing_chosen")
    done, refusals = 0, []
    for document in documents:
        try:
            _act(document, act)
            done += 1
        except Refused as error:
            refusals.append(
                f"{document.number or kind_name(document.kind)} · {document.customer.name}: "
                f"{sentence(error)}"
            )
    flash_ok(_("%(n)s done.", n=done))
    for text in refusals:
        flash_ok(text)
    return redirect(safe_next_url(request.form.get("next")), 303)


def _act(document, act):
    if act == "send":
        possible = document.possible_receivers()
        return document.send(
            person(),
            document.marked_receivers(possible) or possible,
            key=request.form["idempotency_key"],
            base_url=current_app.config["BASE_URL"],
        )
    if act == "issue":
        return document.issue(by=person(), seen=document.chosen_date)
    return {"submit": document.submit, "discard": document.discard}[act](by=person())


@bp.post("/zip")
@staff_only
def several():
    """The PDFs of the chosen."""
    ids = form_ids("ids", MOST_BULK)
    documents = (
        sees()
        .documents()
        .where(
            Document.id.in_(ids or [0]),
            Document.number.is_null(False),
            Document.state != "destroyed",
        )
        .order_by(Document.id)
    )
    return zipped(list(documents) or refuse("nothing_chosen"), "documents.zip")


@bp.get("/<int:id>")
@staff_only
def show(id):
    documents = sees().documents().select(Document, Customer, Contact).join(Customer)
    named = documents.join(Contact, JOIN.LEFT_OUTER, on=Document.contact, src=Document)
    document = get_or_404(named, id)
    tab = query_text("tab")
    tab = tab if tab in TABS else TABS[0]
    page = DocumentPage(document, person(), tab, query_text("asks"))
    return render_template("staff/documents/show.html", document=document, page=page)


@bp.get("/<int:id>/pdf")
@staff_only
def pdf(id):
    document = get_or_404(sees().documents(), id)
    data = document.stamped_pdf() if document.number else document.preview()
    return send_data(
        data, mimetype="application/pdf", download_name=filenames.pdf_of(document.name)
    )


def _not_destroyed(id):
    return get_or_404(sees().documents().where(Document.state != "destroyed"), id)


serve_sheets(bp, staff_only, _not_destroyed)


@bp.get("/<int:id>/printing")
@staff_only
def printing(id):
    """The PDF's button, which asks again until the PDF is made."""
    return render_template("staff/documents/_pdf.html", document=get_or_404(sees().documents(), id))


@bp.post("/")
@can("write")
@idempotent
def create():
    kind = request.form.get("kind", "")
    chosen = form_id("customer")
    if kind not in KINDS[:4] or not chosen:
        return make_response(_new_page(_("Choose a type and a customer.")), 422)
    customer = get_customer(chosen)
    document = Document.draft(person(), kind, customer)
    return redirect(url_for("documents.edit", id=document.id), 303)


@bp.get("/new")
@can("write")
def new():
    return _new_page("")


def _new_page(problem):
    return render_template(
        "staff/documents/new.html",
        customers=offered(active=True, chosen=request.values.get("customer", "")),
        kinds=KINDS[:4],
        problem=problem,
        chosen=request.values.get("customer", ""),
        kind=request.values.get("kind", "invoice"),
    )


@bp.get("/<int:id>/edit")
@can("write")
def edit(id):
    document = _written(id)
    if not document.editable:
        return redirect(url_for("documents.show", id=id), 303)
    form, taxes = DocumentForm.of(document), taxes_of(document)
    rows, saved = rows_of(document, taxes), Autosave.of(document, person())
    if saved and request.args.get("typed"):
        typed = MultiDict([(k, v) for k, values in saved.form.items() for v in values])
        form.process(typed)
        rows, terms = typed_rows(typed), form.terms() if form.validate() else document.__data__
        read_rows(rows, document, terms, taxes)
        return _editor(document, form, rows, taxes, saved=None, typed=True)
    return _editor(document, form, rows, taxes, saved=saved)


@bp.post("/<int:id>/edit")
@can("write")
@idempotent(by_content=True)
def update(id):
    document = _written(id)
    if not document.editable:
        return redirect(url_for("documents.show", id=id), 303)
    form, taxes = DocumentForm.of(document), taxes_of(document)
    rows, ok = completed(typed_rows(request.form), document), form.validate()
    lines = read_rows(rows, document, form.terms() if ok else document.__data__, taxes)
    chosen = request.form.get("customer") and get_customer(form_id("customer"))
    problem, theirs, status = "", None, 422
    if ok and lines is not None:
        try:
            before = document.customer_id
            document.revise(person(), form.version.data, lines, chosen, **form.changes())
            if document.customer_id != before:
                flash_ok(_made_over(document))
                return redirect(url_for("documents.edit", id=id), 303)
            if request.form.get("then") == "more":
                return redirect(url_for("documents.edit", id=id, more=1), 303)
            if request.form.get("then") == "submit":
                _submit(Document.get_fresh(document))
            return redirect(url_for("documents.show", id=id), 303)
        except Refused as error:
            problem, status = sentence(error), 409
            if error.code == "version_conflict":
                theirs = Document.get_fresh(document)
                form = form.over(theirs)
    page = _editor(
        document, form, rows, taxes, saved=None, problem=problem, theirs=theirs, typed=True
    )
    return make_response(page, status)


def _made_over(document):
    """What changed with the customer, for whom it was not typed."""
    last = document.events.order_by(Event.id.desc()).get()
    return _("The draft has another customer now. Please check: %(changes)s", changes=as_text(last))


def _submit(document):
    """What is saved stays saved, also where it cannot be submitted."""
    try:
        document.submit(by=person())
    except Refused as error:
        flash_no(sentence(error))


def _written(id):
    document = get_or_404(sees().documents(), id)
    person().must("write", document)
    return document


def _editor(document, form, rows, taxes, saved, problem="", theirs=None, typed=False):
    asked = request.form.get("customer")
    chosen = asked or str(document.customer.leading.id)
    texts = shown_amounts(rows, document.prices_include_tax, document.currency)
    for row, text in zip(rows, texts, strict=True):
        row["amount"] = text
    return render_template(
        "staff/documents/edit.html",
        document=document,
        page=DocumentPage(document, person()),
        form=form,
        customers=offered(active=True, chosen=chosen)
        if asked or query_text("asks") == "customer"
        else (),
        chosen_customer=chosen,
        rows=[*rows, *empty_rows(0 if rows and "more" not in request.args else 1)],
        taxes=list(taxes.values()),
        saved=saved,
        saved_at=_time(document.events.order_by(Event.id.desc()).get().at),
        problem=problem,
        theirs=theirs,
        typed=typed,
        sums=sums_of(rows) if typed else [document.net, document.tax, document.total],
        currency=document.currency,
    )


def _time(at):
    """The time, before today with its date."""
    then = local(at)
    return f"{then:%H:%M}" if then.date() == today() else moment(at)
