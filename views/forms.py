"""Forms of rows, and fields that read what people write: money, quantities, percents, days; all
bounded."""

import contextlib
import functools
import hashlib
import json
import zoneinfo

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from markupsafe import Markup
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    PasswordField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, ValidationError
from wtforms.widgets import TextInput

from models.company import SETTINGS
from models.core.mail_address import MAIL
from models.core.money import SYMBOLS, format_scaled, parse_scaled
from views.web.days import read_day
from views.web.fields import unprintable
from views.web.firm import firm
from views.web.labels import find_words

SHORT = Length(max=250, message=_l("This is too long."))


def _of_the_firm():
    ours = firm()
    return {"language": ours.language, "currency": ours.currency} if ours else {}


def options(pairs):
    """[(value, label)] as a select's choices."""
    return [SelectChoice(value, label) for value, label in pairs]


def row_options(rows):
    """Rows as a select's choices, which the list that searches finds by code and pinyin too."""
    return [SelectChoice(row.id, row.name, {"data-find": find_words(row)}) for row in rows]


LANGUAGES = options([("zh", "中文"), ("en", "English")])
CURRENCIES = options([(code, code) for code in ("CNY", "EUR", "USD", "GBP", "HKD", "JPY")])
OCEANS = "Africa America Antarctica Asia Atlantic Australia Europe Indian Pacific".split()
ZONES = options(
    (name, name)
    for name in sorted(zoneinfo.available_timezones())
    if name == "UTC" or name.partition("/")[0] in OCEANS
)  # without the older names of the same zones, such as US/Pacific
assert {choice.value for choice in CURRENCIES} == set(SYMBOLS)


def keep_choice(field, value, name):
    """Let a select keep what is stored, also where it is not offered any more."""
    if str(value) not in {str(choice.value) for choice in field.choices}:
        label = _("%(name)s (no longer in use)", name=name) if value else "—"
        field.choices = [*field.choices, SelectChoice(value, label)]


class RowField(SelectField):
    """A choice among rows by their ids; 0 is none of them."""

    def __init__(self, label=None, validators=None, **kwargs):
        super().__init__(label, validators, coerce=int, default=0, **kwargs)

    def process_data(self, value):
        super().process_data(value or 0)

    def offer(self, rows):
        """The rows to choose from, or none of them."""
        self.choices = options([(0, "—")]) + row_options(rows)


class DayField(DateField):
    """A date as people write it: 29.11., +30, today."""

    widget = TextInput()

    def __init__(self, label=None, validators=None, **kwargs):
        super().__init__(label, validators, render_kw={"data-day": "", "size": 12}, **kwargs)

    def process_formdata(self, values):
        text = values[0].strip() if values else ""
        self.data = read_day(text) if text else None
        if text and not self.data:
            raise ValueError(_l("Enter a date as 2026-11-29, 29.11., +30 or today."))


class TagsField(StringField):
    """Words separated by commas."""

    def _value(self):
        return self.raw_data[0] if self.raw_data else ", ".join(self.data or [])

    def process_data(self, value):
        super().process_data(value or [])

    def process_formdata(self, values):
        if values:
            words = values[0].replace("，", ",").split(",")
            self.data = [word.strip() for word in words if word.strip()]

    def pre_validate(self, form):
        if len(self._value()) > 250:
            raise ValidationError(_l("This is too long."))
        if unprintable(self._value(), lines=False):
            raise ValidationError(_l("Contains characters that can't be printed."))


class Form(FlaskForm):
    """A form of ours: a text that was not sent is empty, as no column of ours takes NULL for it.
    What is not touched stays: `of()` shows a row, `changes()` is what the person changed in it."""

    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form, formdata):
            """What was typed, and files only for the fields that take some; no JSON either."""
            if formdata is None or isinstance(formdata, MultiDict) or not form.is_submitted():
                return super().wrap_formdata(form, formdata) if formdata is not None else None
            taken = {field.name for field in form if isinstance(field, FileField)}
            sent = [pair for pair in request.files.items(multi=True) if pair[0] in taken]
            return CombinedMultiDict((MultiDict(sent), request.form))

    row, stored = None, None
    IN_CHINESE = ()  # fields that only a company with Chinese habits fills
    GROUPS = ()  # (heading, "names of its fields") in the order of the page

    def groups(self):
        """[(heading, fields)] as a page shows them; last, without a heading, what is in none."""
        shown = [f for f in self if f.type not in ("CSRFTokenField", "HiddenField")]
        found = [
            (title, [f for f in shown if f.short_name in names.split()])
            for title, names in self.GROUPS
        ]
        named = {f.short_name for _title, fields in found for f in fields}
        found.append(("", [f for f in shown if f.short_name not in named]))
        return [group for group in found if group[1]]

    def process(self, *args, **kwargs):
        super().process(*args, **kwargs)
        for field in self:
            blank = field.raw_data and field.raw_data[0] and not str(field.raw_data[0]).strip()
            if isinstance(field, (StringField, DateField)) and blank:
                field.raw_data = [""]  # as what is required must be more
            if type(field) in (StringField, TextAreaField) and (blank or field.data is None):
                field.data = ""

    @classmethod
    def of(cls, row, *, typed=True, **given):
        """The form of a row, or of a new one where it is None. Each field shows the column of its
        name, or what is given for it; what was typed comes before both, unless it was typed into
        another form of the page. A new row begins with the firm's language and currency."""
        columns = {f.short_name for f in cls(formdata=None) if _is_kept(f)} & set(
            row.__data__ if row else ()
        )
        shown = {name: row.__data__[name] for name in columns} if row else _of_the_firm()
        data = {**shown, **given}
        form = cls(data=data) if typed else cls(formdata=None, data=data)
        form.row, form.stored = row, {f.short_name: f for f in cls(formdata=None, data=data)}
        form.leave_out_chinese()
        form.offer(row)
        for name in columns:
            if name in form and isinstance(form[name], SelectField):
                form._keep_choices(form[name], row.__data__[name])
        return form

    def leave_out_chinese(self):
        """Without the fields that only a company with Chinese habits fills, and without "Name
        (English)" beside a name that is English; what is filled in stays."""
        if not firm() or firm().bilingual:
            return
        for field in list(self):
            name = field.short_name
            in_english = name.endswith("_en") and name.removesuffix("_en") in self
            filled_in = field.data and (name, field.data) not in SETTINGS.items()
            if (in_english or name in self.IN_CHINESE) and not filled_in:
                del self[name]

    def offer(self, row):
        """Fill the selects whose choices are rows; `row` is what the form is of, or None."""

    def limited_to(self, names):
        """The form with only these of its fields: a page that saves group by group."""
        for name in [f.short_name for f in self if f.short_name != "csrf_token"]:
            if name not in names:
                del self[name]
        self.stored = {name: field for name, field in self.stored.items() if name in names}
        return self

    @staticmethod
    def sent():
        """The names of the fields that the form of this request showed, or that came with it."""
        return {*_marks_sent(), *request.form, *request.files}

    def changes(self):
        """{name: value} of the fields that were shown, sent and touched; all of a new row."""
        touched = [f for f in self if f.short_name != "csrf_token" and self._touched(f)]
        return {f.short_name: f.data or None if _is_row(f) else f.data for f in touched}

    def over(self, row):
        """The form anew over what somebody else has saved meanwhile: what was touched stays as it
        was typed, the rest is theirs."""
        touched, anew = self.changes(), type(self).of(row)
        for name, theirs in anew.stored.items():
            if name in anew and name not in touched and _is_kept(theirs):
                anew[name].process_data(theirs.data)
                anew[name].raw_data = None
        anew._marks = {n: _mark(f) for n, f in anew.stored.items() if _is_kept(f)}
        return anew

    @property
    def shown(self):
        """A hidden input that marks what the form showed: what somebody else has saved since then
        is not touched either."""
        text = json.dumps(self._marks, separators=(",", ":"))
        return Markup('<input type="hidden" name="shown" value="{}">').format(text)

    def _touched(self, field):
        if self.row is None:
            return True
        sent = field.raw_data or isinstance(field, (BooleanField, SelectMultipleField))
        return sent and _is_kept(field) and _mark(field) != self._marks.get(field.short_name)

    @functools.cached_property
    def _marks(self):
        marks = {n: _mark(f) for n, f in (self.stored or {}).items() if _is_kept(f)}
        return {**marks, **_marks_sent()}

    def _keep_choices(self, field, stored):
        for value in stored if isinstance(field, SelectMultipleField) else [stored]:
            row = getattr(self.row, field.short_name) if _is_row(field) else None
            keep_choice(field, value or 0 if _is_row(field) else value, row.name if row else value)


def _marks_sent():
    """{name: mark} of what the form showed when it was sent."""
    with contextlib.suppress(ValueError, TypeError, RecursionError):  # not of our making
        return dict(json.loads(request.form.get("shown", "{}")))
    return {}


def _is_row(field):
    return isinstance(field, RowField)


def _is_kept(field):
    """Whether a form shows what is stored of the field: neither a file nor a password."""
    return not isinstance(field, (FileField, PasswordField)) and field.short_name != "csrf_token"


def _mark(field):
    """The field as a browser would send it, in a few letters."""
    if isinstance(field, BooleanField):
        sent = bool(field.data)
    elif isinstance(field, SelectMultipleField):
        sent = sorted(map(str, field.data or []))
    elif isinstance(field, SelectField):
        sent = str(field.data)
    elif isinstance(field, DateField) and field.data:
        sent = field.data.isoformat()
    else:
        sent = field._value().replace("\r\n", "\n")
    return hashlib.sha256(json.dumps(sent).encode()).hexdigest()[:10]


class WholeField(IntegerField):
    """A whole number. One of hundreds of digits is none: it breaks whatever looks at it next."""

    def process_formdata(self, values):
        super().process_formdata(values)
        if self.data is not None and abs(self.data) >= 10**15:
            self.data = None
            raise ValueError(_l("This number is too small or too large."))


class ScaledField(StringField):
    """Decimal text kept as an integer of 1/10**scale."""

    def __init__(
        self, label=None, validators=None, scale=2, least=None, most=10**14, empty=None, **kwargs
    ):
        super().__init__(label, validators, **kwargs)
        self.scale, self.least, self.most, self.empty = scale, least, most, empty

    def _value(self):
        if self.raw_data:
            return self.raw_data[0]
        return format_scaled(self.data, self.scale) if self.data is not None else ""

    def process_formdata(self, values):
        text = (values[0] if values else "").strip()
        if not text:
            self.data = self.empty
            return
        try:
            self.data = parse_scaled(text, self.scale)
        except ValueError:
            self.data = None
            raise ValueError(_l("Enter a valid number.")) from None
        if self.least is not None and self.data < self.least or self.data > self.most:
            raise ValueError(_l("This number is too small or too large."))


def clean(form, field):
    """Refuse what cannot be printed, or reads otherwise than it is."""
    if isinstance(field.data, str) and unprintable(field.data, isinstance(field, TextAreaField)):
        raise ValidationError(_l("Contains characters that can't be printed."))


def mail_address(form, field):
    """One @, a dot behind it, no spaces: intranet names such as li@firm.local are right too."""
    if field.data and not MAIL.fullmatch(field.data):
        raise ValidationError(_l("Enter a valid email address."))
