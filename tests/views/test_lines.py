"""The rows of the line editor and the products it offers."""

from models.products import Product


def test_a_code_fills_the_row_and_keeps_the_quantity(firm, sign_in):
    paper = firm.draft()
    row = sign_in(firm.li).get(f"/documents/{paper.id}/lines/new?line-code=P1&line-quantity=7").text
    assert (
        'value="钢笔"' in row and 'value="12.5"' in row and 'name="line-quantity" value="7"' in row
    )


def test_a_name_fills_the_row_only_when_it_is_one_product(firm, sign_in):
    paper, browser = firm.draft(), sign_in(firm.li)
    assert (
        'value="P1"' in browser.get(f"/documents/{paper.id}/lines/new?by=name&line-name=钢笔").text
    )
    assert (
        browser.get(f"/documents/{paper.id}/lines/new?by=name&line-name=something else").status_code
        == 204
    )
    Product.enter(firm.li, code="P2", name="钢笔", price=1)
    assert browser.get(f"/documents/{paper.id}/lines/new?by=name&line-name=钢笔").status_code == 204


def test_a_price_in_another_currency_is_not_taken_over(firm, sign_in):
    paper = firm.draft(currency="EUR")
    assert (
        'name="line-price" value=""'
        in sign_in(firm.li).get(f"/documents/{paper.id}/lines/new?line-code=P1").text
    )


def test_products_are_found_by_any_part_beyond_the_first_hundreds(firm, sign_in):
    for i in range(600):
        Product.create(code=f"X{i:04}", name=f"part {i}", price=1)
    Product.create(code="ZZZ-9", name="最后的产品", price=1)
    browser, paper = sign_in(firm.li), firm.draft()
    assert "最后的产品" in browser.get(f"/documents/{paper.id}/lines/products?line-name=后的").text
    assert (
        browser.get(f"/documents/{paper.id}/lines/products?line-code=X").text.count("<option") == 40
    )
