"""Customers: list, page, form."""

import functools
import operator

from flask import (
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _pl
from flask_babel import pgettext
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional

from models.adapters import spreadsheets
from models.core.errors import Refused, refuse
from models.core.fields import canonical
from models.customers import Customer, duplicates
from models.insights import portrait
from models.people import User
from models.receivables.standing import sorted_by, standing
from views.figures import bought
from views.forms import (
    CURRENCIES,
    LANGUAGES,
    SHORT,
    DayField,
    Form,
    RowField,
    ScaledField,
    TagsField,
    WholeField,
    clean,
    mail_address,
)
from views.lists import Listing
from views.refusals import sentence
from views.staff.creation import created, dialog
from views.staff.customer_page import CustomerPage
from views.staff.duplicates import REASONS
from views.web.addresses import safe_next_url
from views.web.auth import can, staff_only
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_choice, form_id, form_ids, form_text, query_id, query_text
from views.web.idempotency import idempotent
from views.web.pages import flash_ok
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "customers", __name__, url_prefix="/customers", menu="customers", help="02-customers"
)


FIRST = ("name", "email", "language", "currency", "terms_days", "tax_id")  # in the dialog

STANDING = {"owes": "int", "overdue": "int", "last": "day"}  # columns joined only to sort by them
TABS = "overview documents money files purchases contacts follow-ups history details".split()


class CustomerForm(Form):
    GROUPS = (
        (_l("Company"), "name code tax_id founded_on"),
        (_l("Contact details"), "phone email billing delivery"),
        (_l("Terms"), "terms_days credit_limit currency language"),
        (_l("Bank account"), "bank_name bank_account"),
        (_l("Who looks after it"), "owner tags active"),
    )
    name = StringField(_pl("customer", "Name"), [InputRequired(), SHORT, clean])
    code = StringField(_l("Code"), [SHORT, clean])
    tax_id = StringField(_l("Tax ID"), [SHORT, clean])
    phone = StringField(_l("Phone"), [SHORT, clean])
    email = StringField(_l("Email address"), [Optional(), mail_address, SHORT])
    bank_name = StringField(_l("Bank"), [SHORT, clean])
    bank_account = StringField(_l("Account no."), [SHORT, clean])
    terms_days = WholeField(
        _l("Payment terms (days)"), [InputRequired(), NumberRange(0, 365)], default=30
    )
    credit_limit = ScaledField(_l("Credit limit"), least=0)
    currency = SelectField(_l("Currency"), choices=CURRENCIES)
    language = SelectField(_l("Language"), choices=LANGUAGES)
    owner = RowField(_l("Salesperson"))
    active = BooleanField(_l("Active"), default=True)
    founded_on = DayField(_l("Company founded on"), [Optional()])
    tags = TagsField(_l("Tags"), description=_l("Separated by commas"))
    billing = TextAreaField(_l("Address"), [SHORT, clean])
    delivery = TextAreaField(_l("Delivery address"), [SHORT, clean])

    def offer(self, row):
        if not person().assigns_customers:
            for name in (row or Customer()).assigned:
                delattr(self, name)
        else:
            self.owner.offer(User.with_role("sales"))


def listing():
    """The customers one sees, narrowed and sorted by the query string."""
    q, rows = query_text("q"), sees().customers()
    if q:
        names = (Customer.name, Customer.code, Customer.tax_id, Customer.short_name)
        found = functools.reduce(operator.or_, (name.contains(q) for name in names))
        merged = sees().customers_and_merged().select(Customer.main).where(found)
        rows = rows.where(found | Customer.id.in_(merged.where(Customer.main.is_null(False))))
    if query_id("owner"):
        rows = rows.where(Customer.owner == query_id("owner"))
    if query_text("tag"):
        rows = rows.where(Customer.tags.cast("TEXT").contains(canonical(query_text("tag"))))
    if query_text("language") in ("zh", "en"):
        rows = rows.where(Customer.language == query_text("language"))
    if query_text("active") in ("0", "1"):
        rows = rows.where(Customer.active == (query_text("active") == "1"))
    sorts = {
        "name": (Customer.name, "text"),
        "code": (Customer.code, "text"),
        "currency": (Customer.currency, "text"),
        "terms": (Customer.terms_days, "int"),
        "limit": (Customer.credit_limit, "int"),
    }
    wanted = query_text("sort").removeprefix("-")
    if wanted in STANDING:
        rows, column = sorted_by(rows, wanted)
        sorts[wanted] = column, STANDING[wanted]
    return Listing("customers", portrait.owned(rows), sorts, "name")


@bp.get("/")
@staff_only
def index():
    found = listing()
    return render_template(
        "staff/customers/index.html",
        listing=found,
        standing=standing(found.rows),
        chosen=request.args,
        sellers=User.with_role("sales"),
    )


@bp.get("/export.<any(csv,xlsx):form>")
@staff_only
def export(form):
    heads = [
        _("Code"),
        pgettext("customer", "Name"),
        _("Tax ID"),
        _("Phone"),
        _("Email address"),
        _("Address"),
        _("Bank"),
        _("Account no."),
        _("Payment terms (days)"),
        _("Credit limit"),
        _("Currency"),
        _("Language"),
        _("Salesperson"),
        _("Tags"),
    ]
    return listing().as_file(
        form,
        heads,
        lambda c: [
            c.code or "",
            c.name,
            c.tax_id,
            c.phone,
            c.email,
            c.address_text(),
            c.bank_name,
            c.bank_account,
            c.terms_days,
            None if c.credit_limit is None else spreadsheets.amount(c.credit_limit, c.currency),
            c.currency,
            c.language,
            c.owner.name if c.owner else "",
            ", ".join(c.tags or []),
        ],
    )


@bp.post("/bulk")
@can("write_customer")
@idempotent
def bulk():
    """Give the chosen customers a tag, an owner, or switch them on or off."""
    act, ids = form_choice("act", ("tag", "owner", "on", "off")), form_ids("ids", 500)
    rows = list(sees().customers().where(Customer.id.in_(ids or [0])))
    rows or refuse("nothing_chosen")
    tag, owner = (
        form_text("tag", 60, lines=False),
        User.colleague(form_id("owner")),
    )
    act != "tag" or tag or refuse("text_needed")
    if not (act != "owner" or person().assigns_customers):
        abort(403)
    act != "owner" or owner or refuse("no_such_person")
    for row in rows:
        if act == "tag":
            row.give_tag(person(), tag)
        else:
            row.revise(
                person(), **({"owner": owner} if act == "owner" else {"active": act == "on"})
            )
    flash_ok(_("%(n)s done.", n=len(rows)))
    return redirect(safe_next_url(request.form.get("next")), 303)


@bp.get("/<int:id>")
@staff_only
def show(id):
    customer = get_or_404(portrait.owned(sees().customers_and_merged()), id)
    if customer.main_id:
        return redirect(url_for("customers.show", id=customer.main_id), 303)
    tab = query_text("tab")
    tab = tab if tab in TABS else TABS[0]
    return render_template(
        "staff/customers/show.html",
        customer=customer,
        tab=tab,
        page=CustomerPage(customer, person()),
        page_of=_page_of,
        bought=bought.panel(person(), customer, query_text("currency"), tab),
    )


def _page_of(kind, ident):
    """The address of a dispute, a statement …, where it has a page."""
    return url_for(f"{kind}.show", id=ident) if f"{kind}.show" in current_app.view_functions else ""


@bp.route("/new", methods=["GET", "POST"])
@can("write_customer")
def new():
    return _form(None)


@bp.route("/<int:id>/edit", methods=["GET", "POST"])
@can("write_customer")
def edit(id):
    return _form(get_or_404(sees().customers(), id))


def _form(customer):
    form, problem, alike = CustomerForm.of(customer, **_known(customer)), "", []
    if form.validate_on_submit():
        try:
            different = request.form.get("different") == "y"
            saved, alike = duplicates.save(person(), customer, different, **form.changes())
            if saved and request.htmx:
                return created("customer", id=saved.id, name=saved.name)
            if saved:
                return _saved(saved)
        except Refused as error:
            problem = sentence(error)
    if request.htmx:
        code = 422 if form.is_submitted() else 200
        context = {"problem": problem, "alike": alike, "reasons": REASONS}
        return dialog("customer", form, FIRST, code, customer=None, **context)
    return make_response(
        render_template(
            "staff/customers/edit.html",
            form=form,
            customer=customer,
            problem=problem,
            alike=alike,
            reasons=REASONS,
        ),
        422 if form.is_submitted() else 200,
    )


def _known(customer):
    """Addresses; of a new customer the name that was looked for in vain."""
    return customer.address_texts() if customer else {"name": query_text("name", 250)}


def _saved(customer):
    if customer.tax_id_doubtful:
        flash_ok(_("Saved. The tax ID looks wrong, please check."))
    return redirect(url_for("customers.show", id=customer.id), 303)


@bp.post("/<int:id>/notes")
@can("write_customer")
@idempotent
def note(id):
    customer = get_or_404(sees().customers(), id)
    customer.write_note(person(), form_text("text", 4000))
    return redirect(url_for("customers.show", id=id, tab="history"), 303)
