"""What is printed in English says the firm and its products in English, where that is given."""

import pytest

from models import payment_details
from models.company import Company
from models.products import Product
from models.receivables import statement

ENGLISH = {"name_en": "Huaxin Trading", "address_en": "1 Road", "footer_en": "Thank you"}


@pytest.fixture
def english(firm):
    Company.current().revise(
        firm.ada,
        legal_name="华信有限公司",
        footer="感谢惠顾",
        settings={"iban": "DE89370400440532013000"},
    )
    Company.current().revise(firm.ada, **ENGLISH)
    firm.pen.revise(firm.ada, name_en="Fountain pen", unit_en="pc")
    return Company.current()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_document_and_a_statement_are_in_one_language(firm, english, language):
    paper = firm.draft()
    paper.language = firm.a.language = language
    account = statement.frozen_account(firm.a, "CNY", paper.date, paper.date)
    for seller in (paper.freeze()["seller"], account["seller"]):
        printed = (seller["legal_name"] or seller["name"], seller["address"], seller["footer"])
        if language == "en":
            assert printed == ("Huaxin Trading", "1 Road", "Thank you")
        else:
            assert printed == ("华信有限公司", english.address, "感谢惠顾")


def test_what_is_not_given_in_english_stays_as_it_is(firm, english):
    english.revise(firm.ada, name_en="", footer_en="")
    seller = Company.current().as_seller("CNY", "en")
    assert (seller["legal_name"], seller["footer"]) == ("华信有限公司", "感谢惠顾")
    assert firm.pen.in_language("zh") == {"name": firm.pen.name, "unit": firm.pen.unit}
    firm.pen.revise(firm.ada, unit_en="")
    assert firm.pen.in_language("en") == {"name": "Fountain pen", "unit": firm.pen.unit}


def test_the_payment_code_names_the_payee_in_the_language_of_the_document(firm, english):
    names = [
        payment_details.epc_of(english, "EUR", 100, "R1", language)["name"]
        for language in ("zh", "en")
    ]
    assert names == ["华信有限公司", "Huaxin Trading"]


def test_a_line_takes_the_products_name_in_the_language_of_the_document(firm, english, sign_in):
    paper, browser = firm.draft(), sign_in(firm.li)
    for language, name, unit in (
        ("zh", firm.pen.name, firm.pen.unit),
        ("en", "Fountain pen", "pc"),
    ):
        type(paper).update(language=language).execute()
        row = browser.get(f"/documents/{paper.id}/lines/new?line-name=Fountain pen&by=name").text
        assert f'value="{name}"' in row and f'value="{unit}"' in row
        offered = browser.get(f"/documents/{paper.id}/lines/products?line-name=ountain").text
        assert f'value="{name}"' in offered
    assert list(Product.containing("ountain p")) == [firm.pen]
