"""Cells that name something, days, discounts and prices, as other programs leave them."""

import datetime as dt

import pytest

from models.adapters import cells
from models.company import Company
from models.customers import Contact, Customer
from models.documents import Document
from models.products import Product
from tests.models.test_import_shapes import totals, warned, written
from tests.models.test_imports import faults, put


@pytest.mark.parametrize(
    "text", ["２０２４－０３－０５", "2024年3月5号", "5 de marzo de 2024", "２０２４年３月５日"]
)
def test_days_in_wide_digits_and_words(text):
    assert cells.day(text) == dt.date(2024, 3, 5)


def test_codes_that_became_numbers(firm):
    row = written(
        firm, "documents", "单号,日期,客户,金额\n101.0,2024-03-05,甲,1\n102.0,2024-03-05,甲,2\n"
    )
    assert totals().keys() == {"101", "102"} and warned(row) == ["code_was_number"]
    written(firm, "products", "编码,名称\n1.0,甲\n1.1,乙\n2.0,丙\n")
    assert Product.select().where(Product.code.in_(("1.0", "1.1", "2.0"))).count() == 3


def test_a_code_in_wide_digits_makes_no_second_customer(firm):
    written(firm, "customers", "客户编号,客户名称\nＫ９０８,甲\n")
    written(firm, "documents", "单号,日期,客户编号,金额\nN1,2024-03-05,K908,10\n")
    assert Document.get().customer.name == "甲"


def test_digits_that_a_spreadsheet_may_have_lost_are_told(firm):
    text = "客户编号,客户名称,银行账号\nK1,甲,6222021234567890000\nK2,乙,6222029876543212345\n"
    row = put(firm, "customers", text)
    assert [w[:3] for w in row.findings["warnings"]] == [[2, "银行账号", "digits_maybe_lost"]]
    text = "单号,日期,客户,金额,客户订单号\nN1,2024-03-05,甲,10,4.5E+10\n"
    assert faults(put(firm, "documents", text)) == [(2, "客户订单号", "cell_digits_lost")]


def test_money_is_no_discount(firm):
    text = "单号,日期,客户,单价,折扣\nN1,2024-03-05,甲,200,¥15\nN2,2024-03-05,甲,200,0\n"
    assert faults(put(firm, "documents", text)) == [(2, "折扣", "discount_is_money")]


@pytest.mark.parametrize("price", ["5/箱", "5元/箱", "¥5.00 / 箱"])
def test_a_price_for_each_of_a_unit(firm, price):
    row = written(firm, "documents", f"单号,日期,客户,数量,单价\nN1,2024-03-05,甲,10,{price}\n")
    assert totals() == {"N1": ("invoice", 5000)} and warned(row) == ["price_with_unit"]
    assert Document.get().lines.get().unit == "箱"
    written(firm, "products", f"编码,名称,单价\nX1,甲,{price}\n")
    made = Product.get(Product.code == "X1")
    assert (made.price, made.unit) == (50000, "箱")


def test_a_contact_without_a_name_is_the_customer(firm):
    row = written(
        firm,
        "customers",
        "客户编号,客户名称,电话,手机,联系人邮箱\nK1,甲,,139,a@b.test\nK2,乙,1,2,\n",
    )
    one, two = (Customer.get(Customer.code == code) for code in ("K1", "K2"))
    assert (one.phone, one.email, two.phone) == ("139", "a@b.test", "1")
    assert not Contact.select().where(Contact.customer.in_((one, two))).exists()
    assert warned(row) == ["contact_is_customer", "contact_is_customer", "contact_left_out"]
    again = put(firm, "customers", "客户编号,客户名称,联系人邮箱\nK1,甲,c@d.test\n")
    assert again.findings["counts"]["update"] == 1


def test_an_amount_with_the_noise_of_a_float_is_the_half_that_it_was(firm):
    written(firm, "documents", "单号,日期,客户,金额\nN1,2024-03-05,甲,1234.1949999999997\n")
    assert totals() == {"N1": ("invoice", 123420)}


def test_words_for_none_in_the_data_of_a_customer_are_no_data(firm):
    text = "name,税号,邮箱,联系人,手机\n甲公司,无,/,张三,暂无\n"
    written(firm, "customers", text, key="name")
    made = Customer.get(Customer.name == "甲公司")
    assert (made.tax_id or "", made.email) == ("", "")
    assert made.contacts.get().phone == ""


def test_a_full_width_comma_parts_thousands_and_is_not_asked(firm):
    text = '编码,名称,信用额度\nK1,甲公司,"１００，０００"\n'
    written(firm, "customers", text)
    assert Customer.get(Customer.code == "K1").credit_limit == 10000000


@pytest.mark.parametrize("included, price", [(True, 2680000), (False, 2371681)])
def test_a_price_with_tax_becomes_one_as_the_company_states_them(firm, included, price):
    Company.current().revise(firm.ada, settings={"prices_include_tax": included})
    written(firm, "products", "编码,名称,含税单价,税率\nP7,角磨机,268,13%\n")
    assert Product.get(Product.code == "P7").price == price


def test_of_two_prices_that_is_taken_which_the_company_states(firm):
    written(firm, "products", "编码,名称,单价,含税单价,税率\nP7,角磨机,237.17,268,13%\n")
    assert Product.get(Product.code == "P7").price == 2371700
