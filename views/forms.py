"""Fields that read what people write: money, quantities, percents, days; all bounded."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectChoice, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from models.core.mail_address import MAIL
from models.core.money import SYMBOLS, format_scaled, parse_scaled
from views.web.fields import unprintable

SHORT = Length(max=250, message=_l("This is too long."))


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
