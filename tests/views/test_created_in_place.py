"""A customer or product is created in a dialog of the page where it is missing."""

import json
import re

import pytest

from models.customers import Customer
from models.products import Product
from tests.support.forms import Forms

HTMX = {"HX-Request": "true"}


def created(answer):
    assert answer.status_code == 204
    return json.loads(answer.headers["HX-Trigger"])["created"]


def test_a_new_customer_comes_back_to_the_page_that_asked(firm, sign_in):
    li = sign_in(firm.li)
    assert "/customers/new" in li.get("/documents/new").text
    piece = li.get("/customers/new", headers=HTMX).text
    assert "<html" not in piece and 'hx-post="/customers/new"' in piece and "Harbour" not in piece
    sought = li.get("/customers/new?name=Harbour Tea", headers=HTMX).text
    assert re.search(r'name="name"[^>]* value="Harbour Tea"', sought)
    controls = dict(Forms("/customers/new", piece).found)["/customers/new"]
    data = {c.name: c.sent()[0] for c in controls if c.name and c.sent()}
    data |= {"name": "Harbour Tea", "currency": "EUR"}
    made = created(li.post("/customers/new", data=data, headers=HTMX))
    row = Customer.get(Customer.name == "Harbour Tea")
    assert made == {"kind": "customer", "id": row.id, "name": "Harbour Tea"}


def test_a_new_product_begins_with_the_code_that_was_typed(firm, sign_in):
    draft, li = firm.draft(), sign_in(firm.li)
    offered = li.get(f"/documents/{draft.id}/lines/products?line-code=A4").text
    assert "/products/new?line-code=A4" in offered
    assert 'value="A4"' in li.get("/products/new?line-code=A4", headers=HTMX).text
    named = li.get("/products/new?line-code=Steel nut", headers=HTMX).text
    assert re.search(r'name="name"[^>]* value="Steel nut"', named)
    assert 'value="P1"' not in li.get("/products/new?line-code=P1", headers=HTMX).text
    data = {"code": "A4", "name": "Paper", "price": "3.20", "currency": "CNY", "tax": firm.tax.id}
    made = created(li.post("/products/new", data=data, headers=HTMX))
    assert made["code"] == "A4" and Product.get(Product.code == "A4").price == 32000


@pytest.mark.parametrize("path", ["/customers/new", "/products/new"])
def test_a_fault_comes_back_as_the_piece_with_what_was_typed(firm, sign_in, path):
    answer = sign_in(firm.li).post(path, data={"unit": "x", "phone": "77"}, headers=HTMX)
    assert answer.status_code == 422 and "<html" not in answer.text
    assert 'value="x"' in answer.text or 'value="77"' in answer.text


def test_a_similar_customer_is_told_in_the_dialog_too(firm, sign_in):
    data = {"name": firm.a.name, "language": "zh", "currency": "CNY", "terms_days": "30"}
    answer = sign_in(firm.li).post("/customers/new", data=data, headers=HTMX)
    assert answer.status_code == 422 and 'name="different"' in answer.text
