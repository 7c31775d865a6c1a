"""A new product is offered the next code."""

import pytest

from models.products import Product


def enter(firm, *codes):
    for code in codes:
        Product.enter(firm.li, code=code, name=f"name {code}", price=1)


@pytest.mark.parametrize(
    "codes, offered",
    [
        (("P2",), "P3"),
        (("A-007", "B-1"), "B-2"),
        (("A-009", "A-012", "A-010"), "A-013"),
        (("X99",), "X100"),
        (("0041",), "0042"),
        (("TEA",), "P2"),  # the one before it has a number
        (("6901234567892",), "P2"),  # the number of a barcode is nobody's to give
    ],
)
def test_the_next_code_follows_the_last_ones(firm, codes, offered):
    enter(firm, *codes)
    assert Product.next_code() == offered
    enter(firm, offered)


def test_codes_without_numbers_propose_none_and_the_first_product_has_one(firm):
    Product.update(code="TEA").execute()
    assert Product.next_code() == ""
    Product.delete().execute()
    assert Product.next_code() == "P001"


def test_the_form_and_the_dialog_of_a_line_offer_it(firm, sign_in):
    li = sign_in(firm.li)
    assert 'value="P2"' in li.get("/products/new").text
    dialog = li.get("/products/new?line-code=毛笔", headers={"HX-Request": "true"}).text
    assert 'value="P2"' in dialog and 'value="毛笔"' in dialog
    assert 'value="B-77"' in li.get("/products/new?line-code=B-77").text
    edit = li.get(f"/products/{firm.pen.id}/edit").text
    assert 'value="P1"' in edit
