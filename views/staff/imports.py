"""Imports: upload, say what the columns mean, check, write, undo."""

from flask import (
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import get_locale
from flask_babel import gettext as _

from models.adapters import blobs
from models.company import Company
from models.core.errors import Refused, refuse
from models.core.money import SYMBOLS
from models.core.wake import wake
from models.documents import KINDS
from models.imports import Import, ImportMapping, fields
from models.imports.reading import BEFORE_CHECK, is_large
from models.products import TaxRate
from views.refusals import SENTENCES, explain, sentence
from views.staff.import_findings import fault_text, findings_context
from views.staff.import_labels import LABELS
from views.staff.import_reading import chosen_reading, reading_context
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.downloads import table_file
from views.web.fields import form_choice, form_choices, form_file, form_text, parse_id
from views.web.idempotency import idempotent
from views.web.labels import kind_name, tax_name
from views.web.pages import render
from views.web.scope import get_or_404, person, sees
from views.web.uploads import read_once, takes_files

bp = StaffBlueprint("imports", __name__, url_prefix="/imports", menu="imports", help="03-making")
TARGETS = tuple(fields.FIELDS)


@bp.get("/")
@can("import")
def index():
    return _index("")


def _index(problem):
    rows = list(sees().imports().order_by(Import.id.desc()).limit(100))
    return render_template(
        "staff/imports/index.html",
        rows=rows,
        targets=TARGETS,
        problem=problem,
        chosen=request.values.get("target", "customers"),
        most={
            name: Company.current().setting(f"import_{name}") for name in ("mb", "rows", "cells")
        },
    )


@read_once
def uploaded():
    """What upload() needs of the form; a large file is not read yet."""
    target, (data, name) = (
        request.form.get("target", ""),
        form_file("file", Import.most_mb() * 2**20),
    )
    target in TARGETS and name or refuse("import_nothing")
    Import.check_size(target, data)
    later = is_large(data)
    table = None if later else Import.read(target, data, name)
    return {
        "target": target,
        "filename": name,
        "data": data,
        "table": table,
        "later": later,
        "file": blobs.keep(data),
    }


@bp.post("/")
@takes_files(Import.most_mb)
@can("import")
@idempotent(reading=uploaded)
def create():
    try:
        names = {"line_name": _("Goods"), "difference_name": _("Difference to the total")}
        row = Import.upload(person(), **uploaded(), **names)
    except Refused as error:
        return make_response(_index(sentence(error)), 422)
    wake("imports")
    return redirect(url_for(".show", id=row.id), 303)


@bp.get("/template-<any(customers,products,documents):target>.xlsx")
@can("import")
def template(target):
    """An empty sheet with the heads we know best."""
    words, zh = LABELS, str(get_locale()) == "zh"
    heads = [
        _head(fields.FIELDS[target][name], zh) or str(words[name]) for name in fields.FIELDS[target]
    ]
    return table_file(target, "xlsx", heads, [])


def _head(field, zh):
    return next((h for h in field.titles if (max(h) > "\u2fff") == zh), None)


@bp.get("/<int:id>")
@can("import")
def show(id):
    return page_of(get_or_404(sees().imports(), id))


def page_of(row, problem="", status=200, mapping=None, options=None, typed=None):
    outline = row.outlined if row.state in BEFORE_CHECK else None
    return render(
        "staff/imports/show.html",
        piece="staff/imports/_import.html",
        status=status,
        row=row,
        outline=outline,
        **reading_context(row, outline),
        earlier=_earlier(outline),
        problem=problem,
        mapping=row.mapping if mapping is None else mapping,
        options=options or row.options,
        labels=LABELS,
        meanings={name: LABELS[name] for name in fields.FIELDS[row.target]},
        key_names=[(name, LABELS[name]) for name in fields.KEYS[row.target]],
        kind_names=[(kind, kind_name(kind)) for kind in KINDS],
        currencies=list(SYMBOLS),
        taxes=[(tax.id, tax_name(tax)) for tax in TaxRate.valid()],
        **findings_context(row, typed),
        part=row.part,
        error=_trouble(row),
    )


def _earlier(outline):
    """The mapping of an earlier file that this one was read by, if it is still kept."""
    ident = (outline or {}).get("recognised", {}).get("mapping", 0)
    return sees().import_mappings().where(ImportMapping.id == ident).first()


def _trouble(row):
    if not row.error:
        return ""
    code, _gap, name = row.error.partition(" ")
    if code not in SENTENCES:
        return _("Stopped by an unexpected error. Nothing was changed.")
    return explain(code, {"name": name, "value": name, "number": name, "most": name})


@read_once
def read_again():
    """(import, choices, table) as the form says that the file is meant; no table where a worker
    reads it."""
    row, choices = get_or_404(sees().imports(), request.view_args["id"]), chosen_reading()
    row.target = form_choice("target", TARGETS) if "target" in request.form else row.target
    return row, choices, row.table(choices) if row.is_quickly_read(choices) else None


@bp.post("/<int:id>/reading")
@can("import")
@idempotent(reading=read_again)
def reading(id):
    try:
        row, choices, table = read_again()
        row.read_again(person(), choices, table, later=table is None)
    except Refused as error:
        return page_of(get_or_404(sees().imports(), id), sentence(error), 422)
    wake("imports")
    return redirect(url_for(".show", id=id), 303)


@bp.post("/<int:id>/check")
@can("import")
@idempotent
def check(id):
    row = get_or_404(sees().imports(), id)
    columns = map(str, range(len(row.outlined["heads"])))
    said = {column: request.form.get(f"column-{column}", "") for column in columns}
    mapping = {column: field for column, field in said.items() if field}
    try:
        row.check(person(), mapping, _options(row) | {"defaults": _defaults(mapping)})
    except Refused as error:
        typed = {field: request.form.get(f"default-{c}", "") for c, field in mapping.items()}
        options = {**row.options, **request.form.to_dict(), "defaults": typed}
        return page_of(row, sentence(error), 422, mapping=mapping, options=options)
    wake("imports")
    return redirect(url_for(".show", id=id), 303)


def _defaults(mapping):
    """{field: text} for cells that are empty."""
    texts = {
        field: form_text(f"default-{column}", 200, lines=False)
        for column, field in mapping.items()
        if f"default-{column}" in request.form
    }
    return {field: text for field, text in texts.items() if text}


def _options(row):
    """The choices beside the columns, each from its list."""
    form, tax = request.form, request.form.get("tax", "")
    lists = {
        "key": ("code", "name", "tax_id", "number"),
        "kind": KINDS,
        "currency": tuple(SYMBOLS),
        "date_order": ("", "mdy", "dmy", "ymd"),
        "decimal": ("", ".", ","),
        "discount": ("", "paid", "off"),
        "rounding": ("", "round"),
        "language": ("zh", "en"),
        "same_number": ("refuse", "separate"),
        "existing": ("refuse", "leave", "update", "update_or_leave"),
        "difference": ("refuse", "line"),
    }
    found = {name: form[name] for name in lists if name in form}
    all(value in lists[name] for name, value in found.items()) or refuse("choice_unknown")
    found |= {
        name: name in form
        for name in ("include_tax", "create_customers", "create_products", "settled", "fill_down")
    }
    if "status_asked" in form:
        found["status_out"] = form_choices("status_out", row.states)
        found["status_known"] = sorted(row.states)
    elif "status_again" in form:
        found["status_out"] = None
    found |= {
        "fallback": form_text("fallback", 200, lines=False),
        "credit_prefix": form_text("credit_prefix", 60, lines=False),
    }
    tax in ("", "0") or TaxRate.by_id().get(parse_id(tax)) or refuse("choice_unknown")
    return found | {"tax": parse_id(tax)}


@bp.post("/<int:id>/start")
@can("import")
@idempotent
def start(id):
    get_or_404(sees().imports(), id).start(person())
    wake("imports")
    return redirect(url_for(".show", id=id), 303)


@bp.post("/<int:id>/keep")
@can("import")
@idempotent
def keep(id):
    get_or_404(sees().imports(), id).keep(person())
    return redirect(url_for(".show", id=id), 303)


@bp.post("/<int:id>/undo")
@can("import")
@idempotent
def undo(id):
    get_or_404(sees().imports(), id).undo(person())
    wake("imports")
    return redirect(url_for(".show", id=id), 303)


@bp.get("/<int:id>/faults.csv")  # its address until 0.9
@bp.get("/<int:id>/faults.xlsx")
@can("import")
def faults(id):
    """Every row with a fault, to be corrected and uploaded again."""
    row = get_or_404(sees().imports(), id)
    if not row.check_file:
        abort(404)
    heads = [_("Row"), *row.outlined["heads"], _("Problem")]
    width = len(row.outlined["heads"])
    rows = (
        [number, *(cells or [""] * width), " ".join(map(fault_text, found))]
        for number, cells, found in row.faulty_rows()
    )
    return table_file(f"faults-{id}", "xlsx", heads, rows, _("Errors"))
