"""Customers: list, page, form."""
from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import BooleanField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional

from models.base import Refused
from models.customers import Customer
from models.people import User
from views.forms import (CURRENCIES, LANGUAGES, SHORT, Form, ScaledField, clean, mail_address, options, said,
                         whole)
from views.helpers import audience, find, flash_ok, once
from views.refusals import sentence

bp = Blueprint("customers", __name__, url_prefix="/customers")


class CustomerForm(Form):
    name = StringField(_l("Name"), [InputRequired(), SHORT, clean])
    code = StringField(_l("Code"), [SHORT, clean])
    tax_id = StringField(_l("Tax id"), [SHORT, clean])
    phone = StringField(_l("Phone"), [SHORT, clean])
    email = StringField(_l("Mail address"), [Optional(), mail_address, SHORT])
    bank_name = StringField(_l("Bank"), [SHORT, clean])
    bank_account = StringField(_l("Account"), [SHORT, clean])
    terms_days = IntegerField(_l("Terms in days"), [InputRequired(), NumberRange(0, 365)], default=30)
    credit_limit = ScaledField(_l("Credit limit"), least=0)
    currency = SelectField(_l("Currency"), choices=CURRENCIES)
    language = SelectField(_l("Language"), choices=LANGUAGES)
    owner = SelectField(_l("Salesperson"), coerce=int, default=0)
    active = BooleanField(_l("Active"), default=True)
    tags = StringField(_l("Tags"), [SHORT, clean], description=_l("Separated by commas"))
    billing = TextAreaField(_l("Address"), [SHORT, clean])
    delivery = TextAreaField(_l("Delivery address"), [SHORT, clean])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.owner.choices = options([(0, "—")] + [(u.id, u.name) for u in User.with_role("sales")])

    def values(self):
        data = {k: v for k, v in self.data.items() if k not in ("csrf_token", "billing", "delivery")}
        data["tags"] = [t.strip() for t in (data["tags"] or "").replace("，", ",").split(",") if t.strip()]
        data["owner"] = data["owner"] or None
        return data


@bp.get("/")
@audience("staff")
def index():
    q = request.args.get("q", "").strip()[:100]
    rows = current_user.customers()
    if q:
        rows = rows.where(Customer.name.contains(q) | Customer.code.contains(q) | Customer.tax_id.contains(q))
    after = request.args.get("after", "").split("|", 1) if request.args.get("after") else None
    if after:
        after = [after[1] if len(after) > 1 else "", whole(after[0])]
    rows = Customer.page(rows, [(Customer.name, "asc"), (Customer.id, "asc")], after)
    more = url_for(".index", q=q, after=f"{rows[49].id}|{rows[49].name}") if len(rows) > 50 else None
    return render_template("staff/customers/index.html", rows=rows[:50], q=q, next_url=more)


@bp.get("/<int:id>")
@audience("staff")
def show(id):
    customer = find(current_user.customers(), id)
    papers = current_user.documents().where(_document().customer == customer.id).order_by(_document().id.desc())
    return render_template("staff/customers/show.html", customer=customer, papers=list(papers.limit(50)),
                           contacts=list(customer.contacts), notes=list(customer.notes), events=list(customer.events))


def _document():
    from models.documents import Document
    return Document


@bp.route("/new", methods=["GET", "POST"])
@audience("sales", "manager", "finance", "admin")
def new():
    return _form(None)


@bp.route("/<int:id>/edit", methods=["GET", "POST"])
@audience("sales", "manager", "finance", "admin")
def edit(id):
    return _form(find(current_user.customers(), id))


def _form(customer):
    given = {"owner": (customer.owner_id or 0), "tags": ", ".join(customer.tags), "billing": customer.address_text(),
             "delivery": customer.address_text("delivery")} if customer else {}
    form, problem = CustomerForm(obj=customer, data=None, **({} if request.method == "POST" else given)), ""
    if form.validate_on_submit():
        try:
            saved = Customer.save_with_addresses(current_user, customer, form.values(), form.billing.data or "",
                                                 form.delivery.data or "")
            if saved.tax_id_doubtful:
                flash_ok(_("Saved. Please check the tax id: it does not look right."))
            return redirect(url_for("customers.show", id=saved.id), 303)
        except Refused as error:
            problem = sentence(error)
    return make_response(render_template("staff/customers/edit.html", form=form, customer=customer, problem=problem),
                         422 if form.is_submitted() else 200)


@bp.post("/<int:id>/notes")
@audience("sales", "manager", "finance", "admin")
@once
def note(id):
    customer = find(current_user.customers(), id)
    customer.write_note(current_user, said("text", 4000))
    return redirect(url_for("customers.show", id=id), 303)
