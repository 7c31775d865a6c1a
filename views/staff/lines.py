"""Rows of the line editor: empty, filled from a product, and the products that fit what is
typed."""

from flask import render_template

from models.core.money import format_scaled
from models.products import Product
from models.products.price_list import PriceList
from views.staff.document_form import taxes_of
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.fields import query_text
from views.web.scope import get_or_404, sees

bp = StaffBlueprint(
    "lines", __name__, url_prefix="/documents/<int:id>/lines", menu="documents", help="03-making"
)
KEPT = ("quantity", "discount", "note")


@bp.get("/new")
@can("write")
def new(id):
    """An empty row, or one filled from the product that the typed code or name stands for; 204 when
    the name is free text."""
    document = get_or_404(sees().documents(), id)
    typed = {name: query_text(f"line-{name}", 250) for name in ("code", "name", *KEPT)}
    product = Product.by_code_or_name(typed["code"], typed["name"])
    if query_text("by") == "name" and not product:
        return "", 204
    row = {
        "code": "",
        "name": "",
        "unit": "",
        "quantity": "1",
        "price": "",
        "discount": "",
        "tax": "",
        "note": "",
        "product": "",
        "source": "",
        "errors": {},
        "net": None,
        **{k: v for k, v in typed.items() if v},
    }
    if product:
        price = format_scaled(product.price, 4) if product.currency == document.currency else ""
        agreed = PriceList.discount_for(document.customer, product)
        if agreed and not row["discount"]:
            row["discount"] = format_scaled(agreed, 2)
        row.update(
            code=product.code,
            **product.in_language(document.language),
            price=price,
            tax=str(product.tax_id or ""),
            product=product.id,
        )
    return render_template(
        "staff/documents/_line.html",
        row=row,
        taxes=list(taxes_of(document).values()),
        document=document,
        fresh=True,
    )


@bp.get("/products")
@can("write")
def products(id):
    """The first twenty products whose code or name holds what is typed, as the fields offer
    them."""
    document = get_or_404(sees().documents(), id)
    typed = query_text("line-code") or query_text("line-name")
    return render_template(
        "staff/documents/_products.html",
        products=list(Product.containing(typed).limit(20)),
        language=document.language,
    )
