"""The line editor's form: head and lines as typed, read into what revise() takes."""

from typing import NamedTuple

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from models.core.money import format_money, format_price, format_scaled, parse_scaled
from models.customers import Contact
from models.documents.draft import HEAD_FIELDS
from models.documents.line import amounts
from models.products import Product, TaxRate
from views.forms import (
    CURRENCIES,
    LANGUAGES,
    SHORT,
    DayField,
    Form,
    RowField,
    ScaledField,
    WholeField,
    clean,
)
from views.web.fields import parse_id, unprintable
from views.web.labels import listed

MOST_LINES = 1000
TYPED = ("code", "name", "note", "quantity", "unit", "price", "discount", "tax")
HIDDEN = ("product", "source", "part")
EMPTY = dict.fromkeys((*TYPED, *HIDDEN), "") | {"net": None}
MOST_HEADING, MOST_SUBTOTAL = 500, 250
NUMBERS = {"quantity": (4, 1, 10**13), "price": (4, 0, 10**14), "discount": (2, 0, 10000)}
TEXTS = {
    "name": (250, _l("Name")),
    "code": (100, _l("Code")),
    "unit": (50, _l("Unit")),
    "note": (250, _l("Note")),
}


class DocumentForm(Form):
    version = WholeField(_l("Version"), [InputRequired(), NumberRange(0, 2**31 - 1)])
    contact = RowField(_l("Contact"))
    chosen_date = DayField(_l("Date"), [Optional()], description=_l("Empty: the day of issue."))
    terms_days = WholeField(_l("Payment terms (days)"), [InputRequired(), NumberRange(0, 365)])
    valid_until = DayField(_l("Valid until"), [Optional()])
    delivery_on = DayField(_l("Delivery date"), [Optional()])
    reference = StringField(_l("Customer reference"), [SHORT, clean])
    currency = SelectField(_l("Currency"), choices=CURRENCIES)
    language = SelectField(_l("Language"), choices=LANGUAGES)
    prices_include_tax = BooleanField(_l("Prices include tax"))
    discount = ScaledField(_l("Document discount (%)"), least=0, most=10000, empty=0)
    note = TextAreaField(_l("Note (printed)"), [Length(max=4000), clean])
    internal_note = TextAreaField(_l("Internal note"), [Length(max=4000), clean])
    rows = HiddenField()

    def offer(self, row):
        self.contact.offer(row.customer.all_contacts().where(Contact.active))

    def changes(self):
        return {k: v for k, v in super().changes().items() if k in HEAD_FIELDS}

    def terms(self):
        """The terms by which the lines are reckoned, as typed."""
        return {name: self[name].data for name in ("discount", "currency", "prices_include_tax")}


class Tax(NamedTuple):
    """A tax that a line can have, as its select offers it."""

    id: str
    name: str
    copied: dict  # into the line
    ended: bool


def taxes_of(document):
    """{id: tax}: all rates, and what the lines have that is no rate any more: a line keeps its own
    tax until somebody chooses another."""
    in_force = list(TaxRate.valid())
    valid = {(rate.kind, rate.rate) for rate in in_force}
    found = {}
    for rate in sorted(TaxRate.select(), key=lambda rate: (-rate.rate, rate.id)):
        copied = rate.on_line(document.language)
        found[str(rate.id)] = Tax(str(rate.id), copied["tax_label"], copied, rate not in in_force)
    for line in document.ordered_lines():
        key, copied = tax_of(line, found)
        name, ended = (
            line.tax_label or f"{line.rate / 100:g}%",
            (line.tax_kind, line.rate) not in valid,
        )
        found.setdefault(key, Tax(key, name, copied, ended))
    return found


def tax_of(line, taxes):
    """(id, copied) of the line's tax: the rate's own id while the line has what the rate says."""
    copied = {name: line.__data__[name] for name in ("tax_rate", "tax_label", "tax_kind", "rate")}
    key = str(line.tax_rate_id)
    if key not in taxes or taxes[key].copied != copied:
        key = ":".join(map(str, copied.values()))
    return key, copied


def rows_of(document, taxes):
    """The lines as text for the inputs, their headings and subtotals as rows of their own."""
    return [
        row
        for line in document.ordered_lines()
        for row in _rows_of_line(line, taxes, document.currency)
    ]


def _rows_of_line(x, taxes, currency):
    for text in filter(None, (x.heading or "").split("\n")):
        yield {**EMPTY, "part": "heading", "name": text, "errors": {}}
    yield {
        "part": "",
        "code": x.code,
        "name": x.name,
        "note": x.note,
        "unit": x.unit,
        "product": x.product_id or "",
        "source": x.source_id or "",
        "quantity": format_scaled(x.quantity, 4),
        "price": format_price(x.price, currency),
        "discount": format_scaled(x.discount, 2) if x.discount else "",
        "tax": tax_of(x, taxes)[0],
        "net": (x.net, x.tax, x.gross),
        "errors": {},
    }
    if x.subtotal:
        yield {**EMPTY, "part": "subtotal", "name": x.subtotal, "errors": {}}


def typed_rows(form):
    """The lines as typed, without empty ones."""
    columns = {name: form.getlist(f"line-{name}") for name in TYPED + HIDDEN}
    count = max(map(len, columns.values()))
    rows = [
        {name: (values[i] if i < len(values) else "") for name, values in columns.items()}
        for i in range(count)
    ]
    return [
        {**row, "errors": {}, "net": None}
        for row in rows
        if row["part"] or any(row[n].strip() for n in ("name", "price", "code"))
    ]


def shown_amounts(rows, include_tax, currency):
    """The amount of each row as text, a subtotal's of its group; empty where there is none."""
    side, texts, group = 2 if include_tax else 0, [], 0
    for row in rows:
        own = row["net"][side] if row["net"] else None
        if row["part"] == "subtotal":
            own, group = group, 0
        elif row["part"] == "heading":
            group = 0
        else:
            group += own or 0
        texts.append("" if own is None else format_money(own, currency))
    return texts


def sums_of(rows):
    """[net, tax, total] of the rows that could be read."""
    amounts = [row["net"] for row in rows if row["net"]]
    return [sum(column) for column in zip(*amounts, strict=True)] or [0, 0, 0]


def read_rows(rows, document, head, taxes):
    """What revise() takes; each row's faults stand in its `errors`. None when there is one."""
    allowed = {line.source_id for line in document.lines} - {None}
    known = {"source": allowed, "product": Product.known({row["product"] for row in rows})}
    lines, headings = [], []
    for row in rows:
        if row["part"] == "heading":
            headings.append(row)
        elif row["part"] == "subtotal":
            _read_subtotal(row, lines, headings, document)
        else:
            line = _read_line(row, known, head, taxes)
            if len(lines) == MOST_LINES:
                row["errors"]["name"] = _(
                    "A document can have up to %(most)s lines.", most=MOST_LINES
                )
            lines.append(line | _read_headings(headings))
            headings = []
    for row in headings:
        row["errors"]["name"] = _("A heading needs a line below it.")
    return None if any(row["errors"] for row in rows) else lines


def _read_headings(rows):
    text = "\n".join(row["name"].strip() for row in rows if row["name"].strip())
    if len(text) > MOST_HEADING or unprintable(text, lines=True):
        rows[0]["errors"]["name"] = _too_long(_("Heading"))
    return {"heading": text} if text else {}


def _read_subtotal(row, lines, headings, document):
    with force_locale(document.language):
        text = row["name"].strip() or _("Subtotal")
    if headings or not lines or "subtotal" in lines[-1]:
        row["errors"]["name"] = _("A subtotal needs a line above it.")
    elif len(text) > MOST_SUBTOTAL or unprintable(text):
        row["errors"]["name"] = _too_long(_("Subtotal"))
    else:
        lines[-1]["subtotal"] = text


def _too_long(*fields):
    return _("Too long, or not printable: %(fields)s", fields=listed(fields))


def _read_line(row, known, head, taxes):
    """The values of one line, as far as they can be read."""
    line, wrong = {name: row[name].strip() for name in TEXTS}, row["errors"]
    faults = [
        label
        for name, (most, label) in TEXTS.items()
        if len(line[name]) > most or unprintable(line[name])
    ]
    if not line["name"] or len(line["name"]) > TEXTS["name"][0]:
        wrong["name"] = _("Enter a name (max. 250 characters).")
    elif faults:
        wrong["name"] = _too_long(*faults)
    for name, (scale, least, most) in NUMBERS.items():
        try:
            line[name] = parse_scaled(row[name] or ("0" if name == "discount" else ""), scale)
            if not least <= line[name] <= most:
                raise ValueError
        except ValueError:
            wrong[name] = _("Enter a valid number.")
    tax = taxes.get(row["tax"])
    if tax is None:
        wrong["tax"] = _("Choose a tax rate.")
    else:
        line.update(tax.copied)
    for name, ids in known.items():
        line[name] = parse_id(row[name]) or None
        if row[name].strip() and line[name] not in ids:
            wrong["name"] = _(
                "This line refers to something that no longer exists. Remove it and add it again."
            )
    if not wrong:
        row["net"] = amounts(
            *(line[name] for name in ("quantity", "price", "discount", "rate")),
            *(head[name] for name in ("discount", "currency", "prices_include_tax")),
        )
    return {k: v for k, v in line.items() if v is not None}
