"""The fields of the firm's settings, and the pages and groups in which they are shown."""

import datetime as dt
from collections import namedtuple

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    widgets,
)
from wtforms.validators import InputRequired, NumberRange, Optional

from models import payment_details
from models.adapters import blobs, provider
from models.company import PAY_COLUMNS, PAY_SETTINGS, SEALABLE, SEALED, SETTINGS, Company
from models.core.dates import FORMATS, written
from views.forms import LANGUAGES, SHORT, ZONES, Form, clean, mail_address, options
from views.web.labels import kind_name, month_name
from views.web.roles import ROLES

EXAMPLE = dt.date(2026, 11, 30)
MOST_PICTURE = 2 * 2**20
OF_PICTURES = {"data-most": MOST_PICTURE // 2**20}
UPLOADED = ("logo", "seal", "contract_seal", "font")
Group = namedtuple("Group", "key title names hint", defaults=("",))
PAGES = {  # {page: groups, each saved by itself}
    "firm": [
        Group(
            "company",
            _l("Name and address"),
            "name name_en legal_name legal_name_en address address_en phone email tax_id website",
        ),
        Group(
            "look",
            _l("Logo and seal"),
            "logo remove_logo seal remove_seal seal_kinds "
            "contract_seal remove_contract_seal contract_seal_kinds",
        ),
        Group("region", _l("Region"), "language zone date_format fiscal_month"),
        Group("sign-in", _l("Signing in"), "factor_roles provider_factor provider_alone"),
    ],
    "documents": [
        Group(
            "texts",
            _l("Titles and footer"),
            "title_invoice_zh title_credit_note_zh footer footer_en",
        ),
        Group("dates", _l("Dates"), "days_back"),
        Group("typeface", _l("Font"), "font remove_font"),
    ],
    "money": [
        Group(
            "bank",
            _l("Bank account"),
            "bank_name bank_name_en bank_branch bank_branch_en bank_account bank_code",
            _l("Printed on every invoice in your company's currency."),
        ),
        Group(
            "euro",
            _l("Payments in euros"),
            "iban bic",
            _l("With both, invoices in euros show a code for banking apps."),
        ),
        Group("prices", _l("Prices"), "prices_include_tax"),
    ],
    "mail": [
        Group("copies", _l("Copies"), "bookkeeper_mail"),
        Group("links", _l("Links in emails"), "link_days"),
    ],
    "integrations": [
        Group("pay", _l("Online payment"), "payment_link"),
        Group("imports", _l("Import limits"), "import_rows import_mb import_cells"),
    ],
}
PAGES = {
    page: [group._replace(names=group.names.split()) for group in groups]
    for page, groups in PAGES.items()
}
BY_PROVIDER = ("provider_factor", "provider_alone")
# Who changes one of these proves anew who they are: where customers pay to, where copies of
# documents go, who must have a second factor.
PROVED = {*PAY_COLUMNS, *PAY_SETTINGS, "bookkeeper_mail", "factor_roles", *BY_PROVIDER}
CHECKED = {
    "prices_include_tax": bool,
    "fiscal_month": int,
    "date_format": str,
    "factor_roles": list,
    "provider_factor": bool,
    "provider_alone": bool,
    "seal_kinds": list,
    "contract_seal_kinds": list,
    "days_back": lambda days: days,
    **{
        name: lambda most, usual=SETTINGS[name]: most or usual
        for name in ("import_rows", "import_mb", "import_cells")
    },
    "iban": payment_details.checked_iban,
    "bic": payment_details.checked_bic,
    "payment_link": payment_details.checked_link,
    "title_invoice_zh": lambda title: title or SETTINGS["title_invoice_zh"],
    "title_credit_note_zh": lambda title: title or SETTINGS["title_credit_note_zh"],
    "bookkeeper_mail": str,
    "link_days": lambda days: SETTINGS["link_days"] if days is None else days,
}  # what stands in the settings, and how it is read


def _kinds_field(label):
    """Boxes for the kinds of documents that bear a seal."""
    return SelectMultipleField(
        label,
        choices=options([(kind, LazyString(kind_name, kind)) for kind in SEALABLE]),
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )


class SettingsForm(Form):
    IN_CHINESE = ("title_invoice_zh", "title_credit_note_zh")
    name = StringField(_l("Company name"), [InputRequired(), SHORT, clean])
    name_en = StringField(_l("Company name (English)"), [SHORT, clean])
    legal_name = StringField(_l("Registered name"), [SHORT, clean])
    legal_name_en = StringField(_l("Registered name (English)"), [SHORT, clean])
    tax_id = StringField(_l("Tax ID"), [SHORT, clean])
    address = StringField(_l("Address"), [SHORT, clean])
    address_en = StringField(_l("Address (English)"), [SHORT, clean])
    phone = StringField(_l("Phone"), [SHORT, clean])
    email = StringField(_l("Email address"), [Optional(), mail_address, SHORT])
    website = StringField(_l("Website"), [SHORT, clean])
    bank_name = StringField(_l("Bank"), [SHORT, clean])
    bank_name_en = StringField(_l("Bank (English)"), [SHORT, clean])
    bank_branch = StringField(_l("Branch"), [SHORT, clean])
    bank_branch_en = StringField(_l("Branch (English)"), [SHORT, clean])
    bank_account = StringField(_l("Account no."), [SHORT, clean])
    bank_code = StringField(_l("Bank code (CNAPS, BIC)"), [SHORT, clean])
    footer = StringField(_l("Footer on documents"), [SHORT, clean])
    footer_en = StringField(_l("Footer on documents (English)"), [SHORT, clean])
    language = SelectField(
        _l("Language"),
        choices=LANGUAGES,
        description=_l("New customers, products and colleagues begin with it."),
    )
    zone = SelectField(
        _l("Time zone"),
        choices=ZONES,
        description=_l("Document dates and the year of numbers follow this time zone."),
    )
    date_format = SelectField(
        _l("Date format"),
        choices=options(
            [
                ("", _l("As the language writes dates")),
                *((form, written(EXAMPLE, letters)) for form, letters in FORMATS.items()),
            ]
        ),
        description=_l("On pages, documents and in emails. Exported files keep 2026-11-30."),
    )
    factor_roles = SelectMultipleField(
        _l("A second factor is required for"),
        choices=options((role, label) for role, (label, _does) in ROLES.items()),
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
        description=_l(
            "A code from an app, or a passkey, after the password. They have 14 days from their "
            "next sign-in to set it up; after that nothing else opens."
        ),
    )
    provider_factor = BooleanField(
        _l("The second factor of single sign-on counts"),
        description=_l(
            "Whoever showed one there, as it says itself, is not asked for another one here."
        ),
    )
    provider_alone = BooleanField(
        _l("Staff sign in by single sign-on only"),
        description=_l(
            "Passwords and email links of staff open nothing more. Administrators keep theirs, for "
            "when single sign-on is not answering. Customers are not concerned."
        ),
    )
    iban = StringField(_l("IBAN for payments in euros"), [SHORT, clean])
    bic = StringField(_l("BIC of this account"), [SHORT, clean])
    payment_link = StringField(
        _l("Payment link"),
        [SHORT, clean],
        description=_l(
            "e.g. https://pay.example/{number}?amount={amount}; also {currency} and {customer}"
        ),
    )
    fiscal_month = SelectField(
        _l("Fiscal year starts in"),
        choices=options([(n, LazyString(month_name, f"2026-{n:02}")) for n in range(1, 13)]),
        coerce=int,
        description=_l("Used for archiving and annual archives. Archived files keep their year."),
    )
    days_back = IntegerField(
        _l("How many days back a document may be dated"),
        [Optional(), NumberRange(0, 366)],
        description=_l(
            "Empty: back to the date of the last number. 0: always the day of issue. Future "
            "dates are never allowed."
        ),
    )
    import_rows = IntegerField(
        _l("Max. rows per import file"),
        [Optional(), NumberRange(1, 1_048_576)],
        description=_l("More rows take more time and disk space."),
    )
    import_mb = IntegerField(
        _l("Max. import file size (MB)"), [Optional(), NumberRange(1, SETTINGS["import_mb"])]
    )
    import_cells = IntegerField(
        _l("Max. cells per import file (millions)"),
        [Optional(), NumberRange(1, SETTINGS["import_cells"])],
        description=_l("Rows times columns"),
    )
    title_invoice_zh = StringField(
        _l("Title of invoices in Chinese"),
        [SHORT, clean],
        description=_l("Printed on Chinese documents issued from now on"),
    )
    title_credit_note_zh = StringField(_l("Title of credit notes in Chinese"), [SHORT, clean])
    bookkeeper_mail = StringField(
        _l("Email address of the bookkeeper"),
        [Optional(), mail_address, SHORT],
        description=_l("Receives a copy of every emailed document, statement and reminder"),
    )
    link_days = IntegerField(
        _l("Days a link in an email stays valid"),
        [Optional(), NumberRange(0, 366)],
        description=_l(
            "Without signing in, and that one document only. 0: no such links; those already sent "
            "are closed."
        ),
    )
    prices_include_tax = BooleanField(_l("Prices include tax"))
    logo = FileField(_l("Logo (PNG or JPEG)"), render_kw=OF_PICTURES)
    remove_logo = BooleanField(_l("Remove the logo"))
    seal = FileField(_l("Seal for invoices (PNG or JPEG)"), render_kw=OF_PICTURES)
    remove_seal = BooleanField(_l("Remove the seal"))
    seal_kinds = _kinds_field(_l("The seal for invoices is printed on"))
    contract_seal = FileField(
        _l("Seal for contracts and deliveries (PNG or JPEG)"), render_kw=OF_PICTURES
    )
    remove_contract_seal = BooleanField(_l("Remove the seal"))
    contract_seal_kinds = _kinds_field(_l("The seal for contracts and deliveries is printed on"))
    font = FileField(
        _l("Font of your own (TrueType)"),
        render_kw={"data-most": blobs.MOST_BYTES // 2**20},
        description=_l(
            "For characters that can't be printed otherwise. Please make sure its licence allows"
            " embedding in documents."
        ),
    )
    remove_font = BooleanField(_l("Remove the font"))

    def offer(self, row):
        if not row.bilingual and not row.contract_seal:  # one seal, if any
            self.seal.label.text = _l("Company seal (PNG or JPEG)")
            self.seal_kinds.label.text = _l("The seal is printed on")
            for name in ("contract_seal", "remove_contract_seal", "contract_seal_kinds"):
                del self[name]
        if not provider.is_set():
            del self.provider_factor, self.provider_alone
        if not row.in_china:
            self.bank_code.label.text = _l("Bank code (BIC)")
        for name in UPLOADED:
            if not getattr(row, name) and f"remove_{name}" in self:
                del self[f"remove_{name}"]
        if row.font:
            self.remove_font.description = row.font_name


def form_of(firm, names):
    """The form with the fields of these names as they were typed, over what is stored."""
    return SettingsForm.of(firm, **_stored(firm)).limited_to(names)


def stored_form(firm, names):
    """The same with what is stored alone."""
    return SettingsForm.of(firm, typed=False, **_stored(firm)).limited_to(names)


def previewed_form(firm):
    """What was typed so far, to be looked at alone."""
    return SettingsForm.of(firm, typed=True, **_stored(firm)).limited_to(SettingsForm.sent())


def _stored(firm):
    seals = {f"{name}_kinds": firm.seal_kinds(name) for name in SEALED}
    return {name: firm.setting(name) for name in CHECKED} | seals


def checked(changes):
    """(settings, profile) of what was changed. Refused where a setting cannot be used."""
    settings = {name: CHECKED[name](changes[name]) for name in CHECKED if name in changes}
    profile = {name: value for name, value in changes.items() if name in Company._meta.fields}
    return settings, profile


def page_of(names):
    """The first page that shows one of these fields."""
    shown = ((page, group) for page, groups in PAGES.items() for group in groups)
    return next((page for page, group in shown if set(group.names) & names), "firm")
