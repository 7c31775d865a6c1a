"""Fields that read what people write: money, quantities, percents, days; all bounded."""

import datetime as dt
import re

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectChoice, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from models.core.errors import refuse
from models.core.mail_address import MAIL
from models.core.money import SYMBOLS, format_scaled, parse_money, parse_scaled

SHORT = Length(max=250, message=_l("This is too long."))
CONTROLS = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff"
# Direction marks make "gpj.exe" read "exe.jpg": never in a name; in a text only the two that force
# a direction.
IN_LINE = re.compile(rf"[{CONTROLS}\t\n\r\u2028\u2029\u202a-\u202e\u2066-\u2069]")
IN_TEXT = re.compile(rf"[{CONTROLS}\u202d\u202e]")


def options(pairs):
    """[(value, label)] as a select's choices."""
    return [SelectChoice(value, label) for value, label in pairs]


LANGUAGES = options([("zh", "中文"), ("en", "English")])
CURRENCIES = options([(code, code) for code in ("CNY", "EUR", "USD", "GBP", "HKD", "JPY")])
assert {choice.value for choice in CURRENCIES} == set(SYMBOLS)


class Form(FlaskForm):
    """A form of ours: a text that was not sent is empty, as no column of ours takes NULL for it."""

    def process(self, *args, **kwargs):
        super().process(*args, **kwargs)
        for field in self:
            if type(field) in (StringField, TextAreaField) and field.data is None:
                field.data = ""


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
            raise ValueError(_l("This is not a number we can use.")) from None
        if self.least is not None and self.data < self.least or self.data > self.most:
            raise ValueError(_l("This number is too small or too large."))


def unprintable(text, lines=False):
    """True when the text holds control characters or hidden turns of direction; `lines` allows
    several lines."""
    return bool((IN_TEXT if lines else IN_LINE).search(text))


def clean(form, field):
    """Refuse what cannot be printed, or reads otherwise than it is."""
    if isinstance(field.data, str) and unprintable(field.data, isinstance(field, TextAreaField)):
        raise ValidationError(_l("This holds characters that cannot be printed."))


def within_calendar(form, field):
    """A day of business: later sums of days must not leave the calendar."""
    if field.data and not 1900 <= field.data.year < 3000:
        raise ValidationError(_l("This day is too far away."))


def mail_address(form, field):
    """One @, a dot behind it, no spaces: intranet names such as li@firm.local are right too."""
    if field.data and not MAIL.fullmatch(field.data):
        raise ValidationError(_l("This is not a mail address."))


def form_text(name, most, lines=True):
    """A text that the page asks for outside a form class. Refused when too long or not printable,
    never cut."""
    text = request.form.get(name, "").strip()
    len(text) <= most or refuse("text_too_long", most=most)
    if unprintable(text, lines):
        refuse("text_unprintable")
    return text


def parse_id(text):
    """An id as typed, or 0. `isdigit` would let "²" pass, which is no number."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def form_amount(name, currency):
    """An amount in minor units, or None where nothing was typed. Refused when it is no number."""
    text = request.form.get(name, "").strip()
    try:
        return parse_money(text, currency) if text else None
    except ValueError:
        refuse("amount_unreadable")


def form_day(name):
    """A day of business. Refused when it is none."""
    try:
        day = dt.date.fromisoformat(request.form.get(name, "").strip())
    except ValueError:
        refuse("day_unreadable")
    1900 <= day.year < 3000 or refuse("day_unreadable")
    return day


def form_file(name, most):
    """(bytes, file name) of an upload, empty where there is none; one byte more than `most` is
    read, so that it is refused."""
    upload = request.files.get(name)
    data = upload.read(most + 1) if upload and upload.filename else b""
    return data, upload.filename if data else ""
