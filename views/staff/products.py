"""Products: list and form."""
from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired

from models.base import Refused
from models.products import Product, TaxRate
from views.forms import CURRENCIES, SHORT, Form, ScaledField, clean, options
from views.helpers import audience, find
from views.refusals import sentence

bp = Blueprint("products", __name__, url_prefix="/products")


class ProductForm(Form):
    code = StringField(_l("Code"), [InputRequired(), SHORT, clean])
    name = StringField(_l("Name"), [InputRequired(), SHORT, clean])
    unit = StringField(_l("Unit"), [SHORT, clean])
    price = ScaledField(_l("Price"), [InputRequired()], scale=4, least=0)
    currency = SelectField(_l("Currency"), choices=CURRENCIES)
    category = StringField(_l("Category"), [SHORT, clean])
    tax = SelectField(_l("Tax"), coerce=int)
    active = BooleanField(_l("Active"), default=True)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.tax.choices = options((t.id, t.name) for t in TaxRate.valid())

    def values(self):
        return {k: v for k, v in self.data.items() if k != "csrf_token"}


@bp.get("/")
@audience("staff")
def index():
    q = request.args.get("q", "").strip()[:100]
    rows = current_user.products()
    if q:
        rows = rows.where(Product.code.contains(q) | Product.name.contains(q) | Product.category.contains(q))
    after = [request.args["after"][:250]] if request.args.get("after") else None
    rows = Product.page(rows, [(Product.code, "asc")], after)
    more = url_for(".index", q=q, after=rows[49].code) if len(rows) > 50 else None
    return render_template("staff/products/index.html", rows=rows[:50], q=q, next_url=more)


@bp.route("/new", methods=["GET", "POST"])
@audience("sales", "manager", "finance", "admin")
def new():
    return _form(None)


@bp.route("/<int:id>/edit", methods=["GET", "POST"])
@audience("sales", "manager", "finance", "admin")
def edit(id):
    return _form(find(current_user.products(), id))


def _form(product):
    given = {"tax": product.tax_id} if product and request.method == "GET" else {}
    form, problem = ProductForm(obj=product, **given), ""
    if form.validate_on_submit():
        try:
            product.revise(current_user, **form.values()) if product else Product.enter(current_user, **form.values())
            return redirect(url_for("products.index"), 303)
        except Refused as error:
            problem = sentence(error)
    return make_response(render_template("staff/products/edit.html", form=form, product=product, problem=problem),
                         422 if form.is_submitted() else 200)
