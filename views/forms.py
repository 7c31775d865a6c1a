"""Fields that read what people write: money, quantities, percents; all bounded."""
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Length, ValidationError

from models.money import format_scaled, parse_scaled
from models.people import MAIL

SHORT = Length(max=250, message=_l("This is too long."))


class ScaledField(StringField):
    """Decimal text kept as an integer of 1/10**scale."""

    def __init__(self, label=None, validators=None, scale=2, least=None, most=10 ** 14, empty=None, **kwargs):
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
    """Refuse control characters."""
    if field.data and any(ord(c) < 32 and c not in "\n\r\t" for c in field.data):
        raise ValidationError(_l("This holds characters that cannot be printed."))


def mail_address(form, field):
    """One @, a dot behind it, no spaces: intranet names such as li@firm.local are right too."""
    if field.data and not MAIL.fullmatch(field.data):
        raise ValidationError(_l("This is not a mail address."))
