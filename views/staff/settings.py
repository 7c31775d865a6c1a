"""The firm's settings, page by page: each group of fields is saved by itself."""

import base64
import contextlib

from flask import (
    abort,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _

from models import numbering, payment_details
from models.account_change import AccountChange
from models.adapters import blobs, pictures
from models.adapters.printing import own_font, reading
from models.company import GUARDED, Company
from models.core.errors import Refused, refuse
from models.core.money import SYMBOLS
from models.documents.sample import content as sample_content
from models.operations import test_mail
from models.printed import laid_out
from views.refusals import sentence, status
from views.staff.account_changes import rows_of
from views.staff.settings_form import (
    MOST_PICTURE,
    PAGES,
    SettingsForm,
    checked,
    form_of,
    page_of,
    previewed_form,
    stored_form,
)
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.downloads import send_data
from views.web.fields import form_choice, form_file, form_number, form_text
from views.web.idempotency import idempotent
from views.web.pages import flash_ok
from views.web.proof import must_prove
from views.web.scope import person

PICTURES = ("logo", "seal", "contract_seal")
PREVIEW_WIDTH = 620  # pixels of a sheet that stands in a third of the window
NOT_SAVED = "0" * 64  # stands for a picture that is only chosen
KINDS = ("invoice", "order", "delivery_note")  # of the sample
PLACES = "<any(documents, money, mail, integrations):page>"
bp = StaffBlueprint(
    "settings", __name__, url_prefix="/settings", menu="settings", help="14-accounts"
)


@bp.route("/", methods=["GET", "POST"], defaults={"page": "firm"})
@bp.route(f"/{PLACES}", methods=["GET", "POST"])
@can("configure")
def edit(page):
    firm, sent = Company.current(), SettingsForm.sent()
    form, problem = form_of(firm, sent), ""
    if form.validate_on_submit():
        try:
            changes = form.changes()
            if GUARDED & set(changes):
                must_prove()
            files = _uploads(changes)
            settings, profile = checked(changes)
            waits = firm.revise(person(), settings=settings, **profile, **files)
            return _saved(page, request.form.get("group"), waits)
        except Refused as error:
            problem = sentence(error)
    if not form.is_submitted():
        return _page(page)
    page = page_of(sent) if page == "firm" else page
    return make_response(_page(page, problem, _typed(page, sent)), 422)


def _typed(page, sent):
    """[(group, its form, whether it was sent)]: what was sent stands there as it was typed."""
    firm, groups = Company.current(), []
    for group in PAGES[page]:
        typed = bool(sent & set(group.names))
        form = form_of(firm, group.names) if typed else stored_form(firm, group.names)
        typed and form.validate()
        groups.append((group, form, typed))
    return groups


def _page(page, problem="", groups=None):
    """The page with what is stored, or with these groups of one that was refused."""
    firm, g.settings_page = Company.current(), page
    return render_template(
        f"staff/settings/{page}.html",
        page=page,
        groups=groups or [(g, stored_form(firm, g.names), False) for g in PAGES[page]],
        problem=problem,
        refused_beside=bool(problem and not groups),
        proved_fields=GUARDED,
        **_beside(page),
    )


def _saved(page, group=None, waits=None):
    """`waits`: the change of bank accounts that is not printed yet."""
    flash_ok(
        _("Saved. Documents still show the former bank account: the change is waiting.")
        if waits
        else _("Saved.")
    )
    shown = "account-change" if waits else group
    return redirect(url_for("settings.edit", page=page, _anchor=shown or None), 303)


def _beside(page):
    """What the page shows beside its groups."""
    change = AccountChange.waiting() if page in ("money", "integrations") else None
    waits = {"account_change": change, "account_rows": rows_of(change) if change else []}
    return {**waits, **_beside_groups(page)}


def _beside_groups(page):
    typed = request.form
    if page == "documents":
        return {
            "patterns": {
                k: typed.get(f"pattern-{k}", numbering.NumberPattern.of(k))
                for k in numbering.DEFAULTS
            },
            "starts": {k: typed.get(f"start-{k}", "") for k in numbering.DEFAULTS},
            "upcoming": {k: numbering.NumberSeries.upcoming(k) for k in numbering.DEFAULTS},
        }
    if page == "money":
        accounts = Company.current().setting("accounts")
        return {
            "accounts": {
                c: {
                    name: typed.get(f"{name}-{c}", accounts.get(c, {}).get(name, ""))
                    for name in payment_details.ACCOUNT
                }
                for c in _others()
            }
        }
    if page == "mail":
        return {
            "server": bool(current_app.config["SMTP_URL"]),
            "sender": current_app.config["MAIL_FROM"],
            "last": test_mail.last(),
        }
    return {}


def _others():
    """The currencies whose account stands neither in the profile nor as the IBAN for euros."""
    return [c for c in SYMBOLS if c not in (Company.current().currency, "EUR")]


def _uploads(changes):
    """{column: value} of the pictures and the font that came, or were removed."""
    found = {}
    for name in PICTURES:
        if picture := _picture(name):
            found[name] = blobs.keep(picture)
        elif changes.get(f"remove_{name}"):
            found[name] = None
    data, _name = form_file("font", blobs.MOST_BYTES)
    if data:
        return {**found, **own_font.columns_of(data)}
    if changes.get("remove_font"):
        found |= {"font": None, "font_name": "", "font_letters": []}
    return found


def _picture(name):
    """The picture that came, as it is printed, or nothing."""
    data, _name = form_file(name, MOST_PICTURE)
    if data:
        len(data) <= MOST_PICTURE or refuse("attachment_too_large", most=MOST_PICTURE // 2**20)
        return pictures.for_print(data)
    return b""


@bp.get("/sample.png")
@can("configure")
def sample():
    """The first page of a document as it would be printed today."""
    page = reading.pages(laid_out(sample_content()), 1, PREVIEW_WIDTH)[1]
    return send_data(page, mimetype="image/png")


@bp.get("/<any(logo, seal, contract_seal):name>.png")
@can("configure")
def picture(name):
    data = blobs.fetch(getattr(Company.current(), name) or abort(404))
    return send_data(pictures.small(data), mimetype="image/png")


@bp.post("/preview")
@can("configure")
def preview():
    """A sample document with what is typed so far; nothing is saved."""
    kind = form_choice("kind", KINDS)
    firm, form = Company.current(), previewed_form(Company.current())
    form.validate()
    changes = {name: value for name, value in form.changes().items() if name not in form.errors}
    with contextlib.suppress(Refused):  # what cannot be used yet is left out
        settings, profile = checked(changes)
        firm.settings = {**firm.settings, **settings}
        for name, value in profile.items():
            setattr(firm, name, value)
    chosen = _chosen(firm, changes)
    images = {"logo": chosen.get("logo"), "seal": chosen.get(firm.seal_for(kind))}
    images = {name: data for name, data in images.items() if data}
    page = reading.pages(laid_out(sample_content(firm, kind), images=images), 1, PREVIEW_WIDTH)[1]
    address = f"data:image/png;base64,{base64.b64encode(page).decode()}"
    return render_template("staff/settings/_picture.html", picture=address)


def _chosen(firm, changes):
    """{name: picture} of logo and seals that were chosen but not saved; those removed leave."""
    chosen = {}
    for name in PICTURES:
        with contextlib.suppress(Refused):
            if data := _picture(name):
                chosen[name] = data
                setattr(firm, name, getattr(firm, name) or NOT_SAVED)
            elif changes.get(f"remove_{name}"):
                setattr(firm, name, None)
    return chosen


@bp.post("/test-mail")
@can("configure")
@idempotent
def try_mail():
    """A mail to oneself: whether the server takes it is shown below."""
    test_mail.send(person())
    return redirect(url_for("settings.edit", page="mail"), 303)


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
        return make_response(_page("documents", sentence(error)), status(error))
    return _saved("documents", "patterns")


@bp.post("/accounts")
@can("configure")
@idempotent
def accounts():
    """The firm's bank accounts in other currencies; an empty row is none."""
    try:
        must_prove()
        typed = {
            c: {
                name: form_text(f"{name}-{c}", 255, lines=False) for name in payment_details.ACCOUNT
            }
            for c in _others()
        }
        firm = Company.current()
        hidden = {c: a for c, a in firm.setting("accounts").items() if c not in typed}
        checked = payment_details.checked_accounts(typed)
        waits = firm.revise(person(), settings={"accounts": {**hidden, **checked}})
    except Refused as error:
        return make_response(_page("money", sentence(error)), status(error))
    return _saved("money", "bank-accounts", waits)
