"""The rows of the line editor and the products it offers."""

from models.products import Product
from tests.support.forms import Forms


def test_a_code_fills_the_row_and_keeps_the_quantity(firm, sign_in):
    paper = firm.draft()
    row = sign_in(firm.li).get(f"/documents/{paper.id}/lines/new?line-code=P1&line-quantity=7").text
    assert (
        'value="钢笔"' in row and 'value="12.50"' in row and 'name="line-quantity" value="7"' in row
    )


def test_a_name_or_a_code_in_small_letters_fills_the_row(firm, sign_in):
    browser, path = sign_in(firm.li), f"/documents/{firm.draft().id}/lines/new?line-code="
    assert 'value="P1"' in browser.get(path + "p1").text
    assert 'value="P1"' in browser.get(path + "钢笔").text
    Product.enter(firm.li, code="P2", name="钢笔", price=1)
    assert 'value="P1"' not in browser.get(path + "钢笔").text  # two have this name


def test_what_is_no_product_is_the_name_of_a_free_line(firm, sign_in):
    browser, path = sign_in(firm.li), f"/documents/{firm.draft().id}/lines/new?line-code=Advice"
    row = browser.get(path).text
    assert 'name="line-name" value="Advice"' in row and "data-focus" not in row
    assert browser.get(path + "&line-name=Pen").status_code == 204


def test_a_price_in_another_currency_is_not_taken_over(firm, sign_in):
    paper = firm.draft(currency="EUR")
    assert (
        'name="line-price" value=""'
        in sign_in(firm.li).get(f"/documents/{paper.id}/lines/new?line-code=P1").text
    )


def test_products_are_found_by_any_part_and_by_pinyin(firm, sign_in):
    for i in range(40):
        Product.create(code=f"X{i:04}", name=f"part {i}", price=1)
    Product.enter(firm.li, code="ZZZ-9", name="最后的产品", price=1)
    browser, path = sign_in(firm.li), f"/documents/{firm.draft().id}/lines/products?line-code="
    assert "最<mark>后的</mark>产品" in browser.get(path + "后的").text
    assert "最后的产品" in browser.get(path + "zhdcp").text
    found = browser.get(path + "X").text
    assert found.count('role="option"') == 13 and "New product “X”…" in found


def test_headings_and_subtotals_are_added_as_rows(firm, sign_in):
    browser, path = sign_in(firm.li), f"/documents/{firm.draft().id}/lines/new?part="
    for part in ("heading", "subtotal"):
        assert f'name="line-part" value="{part}"' in browser.get(path + part).text
    assert 'name="line-part" value=""' in browser.get(path + "nonsense").text


def pasted(firm, sign_in, cells):
    """The columns of the rows that the cells become, and what is said at them."""
    path = f"/documents/{firm.draft().id}/lines/pasted"
    text = sign_in(firm.li).post(path, data={"cells": cells}).text
    controls = [
        c
        for _address, found in Forms(path, f"<form method=post>{text}</form>").found
        for c in found
    ]
    rows = {}
    for control in controls:
        rows.setdefault(control.name, []).extend(control.sent())
    return rows, text


def test_cells_without_heads_are_taken_in_their_order(firm, sign_in):
    cells = "Tea\nP1\t5\nAdvice\t2\thour\t1,000.50\t2,001.00\n小计\t\t\t\t9\n"
    rows, text = pasted(firm, sign_in, cells)
    assert rows["line-part"] == ["heading", "", "", "subtotal"]
    assert rows["line-name"] == ["Tea", "钢笔", "Advice", "小计"]
    assert rows["line-quantity"][1:3] == ["5", "2"] and rows["line-unit"][2] == "hour"
    assert rows["line-price"][1:3] == ["12.50", "1,000.50"] and "error" not in text


def test_cells_below_heads_may_stand_in_any_order(firm, sign_in):
    cells = "数量\t单价\t品名\t税率\t备注\n3\t¥8\t信封\t13%\t白\n"
    rows, text = pasted(firm, sign_in, cells)
    line = {name: rows[f"line-{name}"][0] for name in ("name", "quantity", "price", "note", "tax")}
    assert line == {
        "name": "信封",
        "quantity": "3",
        "price": "8",
        "note": "白",
        "tax": f"{firm.tax.id}",
    }


def test_what_is_uncertain_in_pasted_cells_is_kept_and_marked(firm, sign_in):
    rows, text = pasted(firm, sign_in, "A-7\tEnvelope\tbox\twhite\t3\t8\t25\n")
    assert rows["line-note"] == ["white"] and "Not sure what this is: white" in text
    assert "The table said 25." in text
