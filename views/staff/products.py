"""Products: list and form."""

import re
from decimal import Decimal

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired

from models.core.errors import Refused, refuse
from models.products import Product, TaxRate
from views.forms import CURRENCIES, SHORT, Form, RowField, ScaledField, clean, options
from views.lists import Listing
from views.refusals import sentence
from views.staff.creation import created, dialog
from views.web.addresses import safe_next_url
from views.web.auth import can, staff_only
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_choice, form_ids, query_text
from views.web.firm import firm
from views.web.idempotency import idempotent
from views.web.labels import tax_name
from views.web.pages import flash_ok
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "products", __name__, url_prefix="/products", menu="products", help="02-customers"
)


FIRST = ("code", "name", "unit", "price", "currency", "tax")  # in the dialog


class ProductForm(Form):
    GROUPS = (
        (_l("Name"), "code name name_en category"),
        (_l("Price"), "price currency unit unit_en tax cost"),
        ("", "active"),
    )
    code = StringField(_l("Code"), [InputRequired(), SHORT, clean])
    name = StringField(_l("Name"), [InputRequired(), SHORT, clean])
    name_en = StringField(_l("Name (English)"), [SHORT, clean])
    unit = StringField(_l("Unit"), [SHORT, clean])
    unit_en = StringField(_l("Unit (English)"), [SHORT, clean])
    price = ScaledField(_l("Unit price"), [InputRequired()], scale=4, least=0)
    currency = SelectField(_l("Currency"), choices=CURRENCIES)
    cost = ScaledField(
        _l("Cost"),
        scale=4,
        least=0,
        description=_l(
            "Excl. tax, in the same currency. Hidden from sales; flows can use the margin."
        ),
    )
    category = StringField(_l("Category"), [SHORT, clean])
    tax = RowField(_l("Tax rate"))
    active = BooleanField(_l("Active"), default=True)

    def offer(self, row):
        if not person().may("see_figures"):
            del self.cost
        self.tax.choices = options([(rate.id, tax_name(rate)) for rate in TaxRate.valid()])


def listing():
    """The products, narrowed and sorted by the query string."""
    q, rows = query_text("q"), sees().products()
    if q:
        rows = rows.where(
            Product.code.contains(q)
            | Product.name.contains(q)
            | Product.name_en.contains(q)
            | Product.category.contains(q)
        )
    if query_text("category"):
        rows = rows.where(Product.category == query_text("category"))
    if query_text("active") in ("0", "1"):
        rows = rows.where(Product.active == (query_text("active") == "1"))
    return Listing(
        "products",
        rows,
        {
            "code": (Product.code, "text"),
            "name": (Product.name, "text"),
            "category": (Product.category, "text"),
            "price": (Product.price, "int"),
        },
        "code",
    )


@bp.get("/")
@staff_only
def index():
    return render_template(
        "staff/products/index.html",
        listing=listing(),
        chosen=request.args,
        categories=Product.categories(),
    )


@bp.get("/export.<any(csv,xlsx):form>")
@staff_only
def export(form):
    columns = [
        (_("Code"), lambda p: p.code),
        (_("Name"), lambda p: p.name),
        (_("Name (English)"), lambda p: p.name_en),
        (_("Unit"), lambda p: p.unit),
        (_("Unit (English)"), lambda p: p.unit_en),
        (_("Unit price"), lambda p: Decimal(p.price).scaleb(-4)),
        (_("Currency"), lambda p: p.currency),
        (_("Category"), lambda p: p.category),
        (_("Tax rate"), lambda p: p.tax.name if p.tax else ""),
        (_("Active"), lambda p: 1 if p.active else 0),
    ]
    if not firm().bilingual:
        del columns[4], columns[2]
    return listing().as_file(
        form, [head for head, _of in columns], lambda p: [of(p) for _head, of in columns]
    )


@bp.post("/bulk")
@can("write_product")
@idempotent
def bulk():
    """Switch the chosen products on or off."""
    act, ids = form_choice("act", ("on", "off")), form_ids("ids", 500)
    rows = list(sees().products().where(Product.id.in_(ids or [0])))
    rows or refuse("nothing_chosen")
    for row in rows:
        row.revise(person(), active=act == "on")
    flash_ok(_("%(n)s done.", n=len(rows)))
    return redirect(safe_next_url(request.form.get("next")), 303)


@bp.route("/new", methods=["GET", "POST"])
@can("write_product")
def new():
    return _form(None)


@bp.route("/<int:id>/edit", methods=["GET", "POST"])
@can("write_product")
def edit(id):
    return _form(get_or_404(sees().products(), id))


def _typed(product):
    """Of a new product: the next code, and the code or name that was typed in a line and is no
    product yet; codes have digits."""
    if product:
        return {}
    typed, proposed = query_text("line-code", 250), {"code": Product.next_code()}
    if not typed or Product.by_code_or_name(typed, ""):
        return proposed
    is_code = re.fullmatch(r"(?=.*\d)[!-~]+", typed)
    return proposed | {"code" if is_code else "name": typed}


def _form(product):
    form, problem = ProductForm.of(product, **_typed(product)), ""
    if form.validate_on_submit():
        try:
            if product:
                product.revise(person(), **form.changes())
            else:
                made = Product.enter(person(), **form.changes())
                if request.htmx:
                    return created("product", code=made.code)
            return redirect(url_for("products.index"), 303)
        except Refused as error:
            problem = sentence(error)
    if request.htmx:
        code = 422 if form.is_submitted() else 200
        return dialog("product", form, FIRST, code, problem=problem)
    return make_response(
        render_template("staff/products/edit.html", form=form, product=product, problem=problem),
        422 if form.is_submitted() else 200,
    )
