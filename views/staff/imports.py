"""Imports: upload, say what the columns mean, check, write, undo."""

import io

from flask import (
    abort,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_babel import get_locale
from flask_babel import gettext as _

from models.adapters import spreadsheets
from models.adapters.tables.table import MOST_ROWS
from models.core.errors import Refused, refuse
from models.core.wake import wake
from models.documents import KINDS
from models.imports import Import, fields
from models.imports.importing import BEFORE_CHECK, MOST_MB
from models.imports.plan import CURRENCIES
from models.products import TaxRate
from views.refusals import SENTENCES, explain, sentence
from views.staff.import_reading import chosen_reading, reading_context
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_choices, form_file, form_text, parse_id
from views.web.idempotency import idempotent
from views.web.labels import kind_name
from views.web.pages import render
from views.web.scope import get_or_404, person, sees
from views.web.uploads import read_once

bp = StaffBlueprint("imports", __name__, url_prefix="/imports", menu="imports", help="03-making")
TARGETS = tuple(fields.FIELDS)


def labels():
    """What a column can mean, in the reader's language."""
    return {
        "name": _("Name"),
        "code": _("Code"),
        "short_name": _("Short name"),
        "tax_id": _("Tax ID"),
        "phone": _("Phone"),
        "email": _("Mail address"),
        "bank_name": _("Bank"),
        "bank_account": _("Account"),
        "terms_days": _("Terms in days"),
        "credit_limit": _("Credit limit"),
        "currency": _("Currency"),
        "language": _("Language"),
        "owner": _("Salesperson"),
        "tags": _("Tags"),
        "street": _("Address: street"),
        "street2": _("Address: second line"),
        "city": _("Address: city"),
        "region": _("Address: province"),
        "postal_code": _("Address: postal code"),
        "country": _("Address: country"),
        "delivery": _("Delivery address"),
        "contact_name": _("Contact: name"),
        "contact_first": _("Contact: first name"),
        "contact_last": _("Contact: last name"),
        "contact_position": _("Contact: position"),
        "contact_email": _("Contact: mail"),
        "contact_phone": _("Contact: phone"),
        "contact_birthday": _("Contact: birthday"),
        "name_en": _("Name (English)"),
        "unit": _("Unit"),
        "unit_en": _("Unit (English)"),
        "price": _("Price"),
        "category": _("Category"),
        "cost": _("Cost"),
        "tax": _("Tax"),
        "active": _("Active"),
        "number": _("Number"),
        "date": _("Date"),
        "due_on": _("Due on"),
        "delivery_on": _("Delivery on"),
        "reference": _("Customer's reference"),
        "customer_code": _("Customer: code"),
        "customer_name": _("Customer: name"),
        "quantity": _("Quantity"),
        "price_with_tax": _("Price with tax"),
        "amount": _("Amount of the line"),
        "amount_with_tax": _("Amount of the line with tax"),
        "tax_amount": _("Tax of the line"),
        "discount": _("Discount"),
        "total": _("Total of the document"),
        "note": _("Note"),
        "paid": _("Amount paid"),
        "paid_on": _("Paid on"),
        "corrects": _("Corrects invoice"),
        "type": _("Kind of document"),
        "status": _("State"),
    }


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
        most_mb=MOST_MB,
        most_rows=MOST_ROWS,
        chosen=request.values.get("target", "customers"),
    )


@read_once
def uploaded():
    """(target, file name, bytes, table) of the form."""
    target, (data, name) = request.form.get("target", ""), form_file("file", MOST_MB * 2**20)
    target in TARGETS and name or refuse("import_nothing")
    return target, name, data, Import.read(target, data, name)


@bp.post("/")
@can("import")
@idempotent(reading=uploaded)
def create():
    try:
        row = Import.upload(person(), *uploaded(), line_name=_("Goods"))
    except Refused as error:
        return make_response(_index(sentence(error)), 422)
    return redirect(url_for(".show", id=row.id), 303)


@bp.get("/template-<any(customers,products,documents):target>.xlsx")
@can("import")
def template(target):
    """An empty sheet with the heads we know best."""
    words, zh = labels(), str(get_locale()) == "zh"
    heads = [
        _head(fields.FIELDS[target][name], zh) or words[name] for name in fields.FIELDS[target]
    ]
    content = spreadsheets.xlsx_bytes(heads, [], target)
    return send_file(io.BytesIO(content), as_attachment=True, download_name=f"{target}.xlsx")


def _head(field, zh):
    return next((h for h in field.titles if (max(h) > "\u2fff") == zh), None)


@bp.get("/<int:id>")
@can("import")
def show(id):
    return _page(get_or_404(sees().imports(), id))


def _page(row, problem="", status=200, mapping=None, options=None):
    outline = row.outlined if row.state in BEFORE_CHECK else None
    notes = {
        k: [(f[0], labels().get(f[1], f[1]), _finding_text(f)) for f in row.findings.get(k, [])]
        for k in ("faults", "warnings")
    }
    return render(
        "staff/imports/show.html",
        piece="staff/imports/_import.html",
        status=status,
        row=row,
        outline=outline,
        **reading_context(row, outline),
        problem=problem,
        mapping=row.mapping if mapping is None else mapping,
        options=options or row.options,
        labels=labels(),
        fields=list(fields.FIELDS[row.target]),
        key_names=[(name, labels()[name]) for name in fields.KEYS[row.target]],
        kind_names=[(kind, kind_name(kind)) for kind in KINDS],
        currencies=CURRENCIES,
        taxes=[(tax.id, tax.name) for tax in TaxRate.valid()],
        told=notes,
        part=row.part,
        error=_trouble(row),
    )


def _finding_text(finding):
    _row, _column, code, facts = finding
    return explain(code, {"value": "", "row": "", **facts})


def _trouble(row):
    if not row.error:
        return ""
    code, _gap, name = row.error.partition(" ")
    if code not in SENTENCES:
        return _("It stopped on an unexpected error. Nothing was changed.")
    return explain(code, {"name": name, "value": name, "number": name})


@read_once
def read_again():
    """(import, choices, table) as the form says that the file is meant."""
    row, choices = get_or_404(sees().imports(), request.view_args["id"]), chosen_reading()
    return row, choices, row.table(choices)


@bp.post("/<int:id>/reading")
@can("import")
@idempotent(reading=read_again)
def reading(id):
    try:
        row, choices, table = read_again()
        row.read_again(person(), choices, table)
    except Refused as error:
        return _page(get_or_404(sees().imports(), id), sentence(error), 422)
    return redirect(url_for(".show", id=id), 303)


@bp.post("/<int:id>/check")
@can("import")
@idempotent
def check(id):
    row = get_or_404(sees().imports(), id)
    mapping = {
        key[7:]: value
        for key, value in request.form.items()
        if key.startswith("column-") and key[7:].isdecimal() and len(key) < 11 and value
    }
    try:
        row.check(person(), mapping, _options(row))
    except Refused as error:
        return _page(row, sentence(error), 422, mapping, {**row.options, **request.form.to_dict()})
    wake("imports")
    return redirect(url_for(".show", id=id), 303)


def _options(row):
    """The choices beside the columns, each from its list."""
    form, tax = request.form, request.form.get("tax", "")
    lists = {
        "key": ("code", "name", "tax_id", "number"),
        "kind": KINDS,
        "currency": CURRENCIES,
        "date_order": ("", "mdy", "dmy", "ymd"),
        "decimal": ("", ".", ","),
        "discount": ("", "paid", "off"),
        "rounding": ("", "round"),
        "language": ("zh", "en"),
        "same_number": ("refuse", "separate"),
        "existing": ("refuse", "leave"),
    }
    found = {name: form[name] for name in lists if name in form}
    all(value in lists[name] for name, value in found.items()) or refuse("choice_unknown")
    found |= {
        name: name in form
        for name in ("include_tax", "create_customers", "create_products", "settled", "fill_down")
    }
    if "status_asked" in form:
        found["status_out"] = form_choices("status_out", row.states)
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


@bp.get("/<int:id>/faults.csv")
@can("import")
def faults(id):
    """The faults as a list to work through beside the file."""
    row = get_or_404(sees().imports(), id)
    if not row.findings:
        abort(404)
    data = [[f[0], f[1] or "", _finding_text(f)] for f in row.findings.get("faults", [])]
    content = spreadsheets.csv_bytes([_("Row"), _("Column"), _("What is wrong")], data)
    return send_file(io.BytesIO(content), as_attachment=True, download_name=f"faults-{id}.csv")
