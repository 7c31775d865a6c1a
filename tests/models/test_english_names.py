"""What is printed in English says the firm and its products in English, where that is given."""

import pytest

from models import payment_details
from models.company import Company
from models.imports.importing import Import
from models.imports.products import Taxes
from models.operations.first_firm import CHINA
from models.products import Product, TaxRate
from models.receivables import statement
from tests.support.accounts import change_accounts
from tests.support.workbooks import saved, xlsx

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
        row = browser.get(f"/documents/{paper.id}/lines/new?line-code=Fountain pen").text
        assert f'value="{name}"' in row and f'value="{unit}"' in row
        offered = browser.get(f"/documents/{paper.id}/lines/products?line-code=ountain").text
        assert f"<span>{name}</span>" in offered.replace("<mark>", "").replace("</mark>", "")
    assert list(Product.fitting("ountain p")) == [firm.pen]


@pytest.mark.parametrize("language, label", [("zh", "免税"), ("en", "Exempt")])
def test_a_line_bears_its_tax_in_the_language_of_the_document(firm, sign_in, language, label):
    exempt, paper = TaxRate.get(TaxRate.kind == "exempt"), firm.draft(language=language)
    page = sign_in(firm.li).get(f"/documents/{paper.id}/edit").text
    assert f'value="{exempt.id}"' in page and f">{label}<" in page
    paper.revise(firm.li, paper.version, [firm.line() | exempt.on_line(language)])
    assert [x["tax_label"] for x in paper.freeze()["lines"]] == [label]
    assert [x["label"] for x in paper.freeze()["tax_summary"]] == [label]


def test_every_tax_in_chinese_that_a_firm_begins_with_has_its_english():
    assert all(name.isascii() or english for name, *_, english in [(*x, "")[:4] for x in CHINA])


def test_an_import_knows_a_tax_by_either_name(firm):
    exempt = TaxRate.get(TaxRate.kind == "exempt")
    assert [Taxes().of(name) for name in ("免税", "exempt")] == [exempt, exempt]


def test_an_imported_document_names_its_tax_in_the_language_of_its_customer(firm):
    heads = ["单号", "客户编号", "日期", "数量", "单价", "税率"]
    rows = [[f"H{code}", code, "2026-01-05", 1, 10, "免税"] for code in ("A", "B")]
    row = Import.upload(firm.ada, "documents", "d.xlsx", saved(xlsx(("d", [heads, *rows]))))
    plan = row.plan().compute()
    labels = {h.number: ls[0]["tax_label"] for h, ls in zip(plan.heads, plan.lines, strict=True)}
    assert labels == {"HA": "免税", "HB": "Exempt"}


def test_the_bank_is_named_in_the_language_of_the_document(firm, english):
    change_accounts(firm, bank_name="工商银行", bank_account="1001", bank_branch="徐汇支行")
    change_accounts(firm, bank_name_en="ICBC")
    for language, bank in (("zh", "工商银行 徐汇支行"), ("en", "ICBC 徐汇支行")):
        firm_now = Company.current()
        assert dict(payment_details.details_of(firm_now, "CNY", language))["bank"] == bank
        assert firm_now.as_seller("CNY", language)["bank_name"] == bank.split()[0]


def test_a_draft_whose_language_changes_takes_the_names_of_the_products(firm, english):
    own, rate = firm.pen.id, TaxRate.get(TaxRate.kind == "exempt")
    lines = [
        firm.line(product=own),
        firm.line(product=own, name="钢笔（刻字）", note="加急"),
        firm.line(product=None) | rate.on_line("zh"),
    ]
    paper = firm.draft()
    paper.revise(firm.li, paper.version, lines)
    paper.revise(firm.li, paper.version, lines, language="en")
    assert [(x.name, x.unit, x.tax_label) for x in paper.ordered_lines()] == [
        ("Fountain pen", "pc", "13%"),
        ("钢笔（刻字）", "pc", "13%"),
        ("钢笔", "支", "Exempt"),
    ]
    paper.revise(firm.li, paper.version, language="zh")
    assert [(x.name, x.unit, x.tax_label) for x in paper.ordered_lines()] == [
        ("钢笔", "支", "13%"),
        ("钢笔（刻字）", "支", "13%"),
        ("钢笔", "支", "免税"),
    ]
    assert paper.ordered_lines()[1].note == "加急"
