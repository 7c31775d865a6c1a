"""Files from outside: taken in by hand, by dropping them, or by a phone's camera; newer versions;
taken away again."""

from flask import abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from models.adapters import blobs
from models.archive import ExternalFile
from models.archive.external_file import examined
from models.archive.folder import FROM_OUTSIDE, classes
from models.core.clock import today
from models.core.errors import Refused, refuse
from models.documents import Document
from views.refusals import sentence, status
from views.staff.archive import class_name
from views.staff.customer_choice import offered
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_chosen, form_day, form_files, form_text, parse_id
from views.web.idempotency import idempotent
from views.web.kept_files import send_kept
from views.web.labels import headed
from views.web.pages import flash_ok
from views.web.scope import get_or_404, person, sees
from views.web.uploads import or_refuse, outcome, read_once

bp = StaffBlueprint(
    "external_files", __name__, url_prefix="/archive/files", menu="archive", help="10-filing"
)
MOST = 20


@bp.get("/new")
@can("attach")
def new():
    return _page(request.args)


def _page(typed, problem="", code=200):
    document = sees().documents().where(Document.id == parse_id(typed.get("document", ""))).first()
    customers = offered(chosen=typed.get("customer"))
    return make_response(
        render_template(
            "staff/external_files/new.html",
            typed=typed,
            problem=problem,
            document=document,
            customers=customers,
            kinds=classes(FROM_OUTSIDE),
            class_name=class_name,
            today=today().isoformat(),
            sees_all=person().sees_all,
        ),
        code,
    )


@read_once
def _files():
    """[(name, Received or why not)] of what was chosen, dropped or photographed."""
    return [(name, outcome(examined, data)) for name, data in uploads()]


def uploads():
    """[(name, bytes)] of it."""
    found = form_files(("file", "photo"), MOST, blobs.MOST_BYTES)
    return [(name, data) for data, name in found]


def typed_day(name):
    """The day as typed, today when nothing is."""
    day = form_day(name, empty=today())
    day.year >= 1949 and day <= today() or refuse(
        "day_in_future" if day > today() else "day_unreadable"
    )
    return day


@bp.post("/")
@can("attach")
@idempotent(reading=_files)
def create():
    document = form_chosen("document", sees().documents())
    customer = form_chosen("customer", sees().customers())
    files, kept, name = [], [], ""
    try:
        files = _files()
        title, number, day, note = (
            form_text("title", 200, lines=False),
            form_text("number", 100, lines=False),
            typed_day("day"),
            form_text("note", 1000),
        )
        for name, received in files:
            kept.append(
                ExternalFile.receive(
                    person(),
                    or_refuse(received),
                    name,
                    request.form.get("kind", ""),
                    title=title,
                    number=number,
                    customer=customer,
                    document=document,
                    day=day,
                    note=note,
                )
            )
    except Refused as error:
        problem = sentence(error)
        if name and len(files) > 1:
            none = _("None of the %(n)s files is archived.", n=len(files))
            problem = f"{headed(name, problem)} {none}"
        return _page(request.form, problem, status(error))
    flash_ok(ngettext("1 file archived.", "%(num)s files archived.", len(kept)))
    return redirect(url_for("archive.show", id=kept[0].filing_id), 303)


@bp.post("/<int:id>/versions")
@can("attach")
@idempotent(reading=_files)
def renew(id):
    file = get_or_404(sees().external_files(), id)
    name, received = _files()[0]
    file.add_version(person(), or_refuse(received), name, form_text("note", 500, lines=False))
    flash_ok(_("The new version is saved; older ones are kept."))
    return redirect(url_for("archive.show", id=file.filing_id), 303)


@bp.get("/<int:id>/correction")
@can("archive")
def correction(id):
    file = get_or_404(sees().external_files(), id)
    now = file.filing
    return _correction(
        file,
        {
            "kind": now.kind,
            "day": now.day,
            "customer": str(now.customer_id or ""),
            "title": now.title,
            "number": now.number,
            "belongs": "y",
        },
    )


def _correction(file, typed, problem="", code=200):
    customers, now = (
        offered(chosen=typed.get("customer")),
        file.filing.customer,
    )
    if now and now not in customers:
        customers.insert(0, now)
    return make_response(
        render_template(
            "staff/external_files/correction.html",
            file=file,
            filing=file.filing,
            typed=typed,
            problem=problem,
            customers=customers,
            kinds=classes(FROM_OUTSIDE),
            class_name=class_name,
        ),
        code,
    )


@bp.post("/<int:id>/correction")
@can("archive")
@idempotent
def correct(id):
    """Put right what was said of it by a slip of the hand."""
    file = get_or_404(sees().external_files(), id)
    customer = form_chosen("customer", sees().customers())
    try:
        file.correct(
            person(),
            form_text("reason", 500),
            request.form.get("kind", ""),
            typed_day("day"),
            customer,
            form_text("title", 200, lines=False),
            form_text("number", 100, lines=False),
            file.document if request.form.get("belongs") else None,
        )
    except Refused as error:
        return _correction(
            get_or_404(sees().external_files(), id), request.form, sentence(error), status(error)
        )
    flash_ok(_("Details corrected. The retention period follows class and date."))
    return redirect(url_for("archive.show", id=file.filing_id), 303)


@bp.get("/<int:id>/versions/<int:number>")
@can("attach")
def version(id, number):
    file = get_or_404(sees().external_files(), id)
    row = file.version(number) or abort(404)
    name = f"v{row.number}-{file.filing.name.rpartition('.')[0]}.{row.extension}"
    return send_kept(row.bytes(), name, shown=True)
