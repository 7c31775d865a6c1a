"""The firm's profile, bank, logo, seal, approval thresholds, number patterns."""

import io

from flask import make_response, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional

from models import numbering, payment_details
from models.adapters import blobs, pictures
from models.adapters.printing import own_font, reading
from models.approvals import ApprovalFlow
from models.company import SETTINGS, Company
from models.core.errors import Refused, refuse
from models.core.money import SYMBOLS, format_money
from models.documents.sample import content as sample_content
from models.printed import laid_out
from views.forms import SHORT, ZONES, Form, clean, mail_address, options
from views.refusals import sentence, status
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_file, form_number, form_text
from views.web.idempotency import idempotent
from views.web.pages import flash_ok
from views.web.scope import person

MOST_PICTURE = 2 * 2**20
OF_PICTURES = {"data-most": MOST_PICTURE // 2**20}
bp = StaffBlueprint(
    "settings", __name__, url_prefix="/settings", menu="settings", help="14-accounts"
)
CHECKED = {
    "prices_include_tax": bool,
    "fiscal_month": int,
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


class SettingsForm(Form):
    name = StringField(_l("Company name"), [InputRequired(), SHORT, clean])
    name_en = StringField(_l("Name of the firm (English)"), [SHORT, clean])
    legal_name = StringField(_l("Registered name"), [SHORT, clean])
    legal_name_en = StringField(_l("Legal name (English)"), [SHORT, clean])
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
    zone = SelectField(
        _l("Time zone"),
        choices=ZONES,
        description=_l("By it the day of a document and the year of its number are counted."),
    )
    iban = StringField(_l("IBAN for payments in euros"), [SHORT, clean])
    bic = StringField(_l("BIC of this account"), [SHORT, clean])
    payment_link = StringField(
        _l("Payment link"),
        [SHORT, clean],
        description=_l(
            "Such as https://pay.example/{number}?amount={amount}; {currency} and "
            "{customer} are known too"
        ),
    )
    fiscal_month = SelectField(
        _l("Fiscal year starts in"),
        choices=options([(n, str(n)) for n in range(1, 13)]),
        coerce=int,
        description=_l("Used for archiving and annual archives. Archived files keep their year."),
    )
    days_back = IntegerField(
        _l("How many days back a document may be dated"),
        [Optional(), NumberRange(0, 366)],
        description=_l(
            "Empty: as far as the date of the last number. 0: always the day of issue. A date to "
            "come is never taken."
        ),
    )
    import_rows = IntegerField(
        _l("Most rows of a file to import"),
        [Optional(), NumberRange(1, 1_048_576)],
        description=_l("Many rows take long, and disk space while they wait."),
    )
    import_mb = IntegerField(
        _l("Most MB of a file to import"), [Optional(), NumberRange(1, SETTINGS["import_mb"])]
    )
    import_cells = IntegerField(
        _l("Most cells of a file to import, in millions"),
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
        description=_l("Gets a copy of each document, statement and reminder that is emailed"),
    )
    link_days = IntegerField(
        _l("Days a mailed link opens its document"),
        [Optional(), NumberRange(0, 366)],
        description=_l(
            "Without signing in, and that one document only. 0: no such links; those already sent "
            "are closed."
        ),
    )
    prices_include_tax = BooleanField(_l("Prices include tax"))
    logo = FileField(_l("Logo (PNG or JPEG)"), render_kw=OF_PICTURES)
    seal = FileField(_l("Company seal (PNG or JPEG)"), render_kw=OF_PICTURES)
    font = FileField(
        _l("Font of your own (TrueType)"),
        render_kw={"data-most": blobs.MOST_BYTES // 2**20},
        description=_l(
            "For letters that cannot be printed otherwise. Please check yourself that its licence "
            "lets you embed it in documents."
        ),
    )
    remove_font = BooleanField(_l("Remove the font"))

    def offer(self, row):
        if row.font:
            self.remove_font.description = row.font_name
        else:
            del self.remove_font


@bp.route("/", methods=["GET", "POST"])
@can("configure")
def edit():
    firm = Company.current()
    form, problem = SettingsForm.of(firm, **_stored(firm)), ""
    if form.validate_on_submit():
        try:
            changes = form.changes()
            settings = {n: CHECKED[n](changes.pop(n)) for n in CHECKED if n in changes}
            files = {**_images(), **_font(changes.pop("remove_font", False))}
            firm.revise(person(), settings=settings, **changes, **files)
            flash_ok(_("Saved."))
            return redirect(url_for("settings.edit"), 303)
        except Refused as error:
            problem = sentence(error)
    return make_response(_page(form, problem), 422 if form.is_submitted() else 200)


def _page(form, problem):
    flows = [f for f in ApprovalFlow.in_force() if f.least]
    typed = request.form
    accounts = Company.current().setting("accounts")
    return render_template(
        "staff/settings/edit.html",
        accounts={
            c: {
                name: typed.get(f"{name}-{c}", accounts.get(c, {}).get(name, ""))
                for name in payment_details.ACCOUNT
            }
            for c in _others()
        },
        form=form,
        problem=problem,
        flows=flows,
        leasts={f.id: typed.get(f"least-{f.id}", format_money(f.least, f.currency)) for f in flows},
        patterns={
            k: typed.get(f"pattern-{k}", numbering.NumberPattern.of(k)) for k in numbering.DEFAULTS
        },
        starts={k: typed.get(f"start-{k}", "") for k in numbering.DEFAULTS},
        upcoming={k: numbering.NumberSeries.upcoming(k) for k in numbering.DEFAULTS},
    )


def _others():
    """The currencies whose account stands neither in the profile nor as the IBAN for euros."""
    return [c for c in SYMBOLS if c not in (Company.current().currency, "EUR")]


def _again(error):
    """The page with what was typed below the profile, and what is wrong with it."""
    firm = Company.current()
    form = SettingsForm.of(firm, typed=False, **_stored(firm))
    return make_response(_page(form, sentence(error)), status(error))


def _stored(firm):
    """What the form shows of the firm's settings, beside the profile."""
    return {name: firm.setting(name) for name in CHECKED}


def _images():
    found = {}
    for name in ("logo", "seal"):
        data, _name = form_file(name, MOST_PICTURE)
        if data:
            len(data) <= MOST_PICTURE or refuse("attachment_too_large", most=MOST_PICTURE // 2**20)
            found[name] = blobs.keep(pictures.for_print(data))
    return found


def _font(removed):
    data, _name = form_file("font", blobs.MOST_BYTES)
    if data:
        return own_font.columns_of(data)
    return {"font": None, "font_name": "", "font_letters": []} if removed else {}


@bp.get("/sample.png")
@can("configure")
def sample():
    """The first page of a document as it would be printed today."""
    page = reading.first_page(laid_out(sample_content()))
    return send_file(io.BytesIO(page), mimetype="image/png")


@bp.post("/patterns")
@can("configure")
@idempotent
def patterns():
    try:
        for kind in numbering.DEFAULTS:
            text = request.form.get(f"pattern-{kind}", "").strip()
            start = form_number(f"start-{kind}", 0, 1, numbering.MOST, None)
            if text and (start or text != numbering.NumberPattern.of(kind)):
                numbering.NumberPattern.define(person(), kind, text, start)
    except Refused as error:
        return _again(error)
    flash_ok(_("Saved."))
    return redirect(url_for("settings.edit"), 303)


@bp.post("/accounts")
@can("configure")
@idempotent
def accounts():
    """The firm's bank accounts in other currencies; an empty row is none."""
    try:
        typed = {
            c: {
                name: form_text(f"{name}-{c}", 255, lines=False) for name in payment_details.ACCOUNT
            }
            for c in _others()
        }
        firm = Company.current()
        hidden = {c: a for c, a in firm.setting("accounts").items() if c not in typed}
        checked = payment_details.checked_accounts(typed)
        firm.revise(person(), settings={"accounts": {**hidden, **checked}})
    except Refused as error:
        return _again(error)
    flash_ok(_("Saved."))
    return redirect(url_for("settings.edit"), 303)
