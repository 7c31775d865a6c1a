"""Names that the eye takes for the same are the same; another legal form makes them near."""

import pytest

from models.customers import names

SAME = [
    ("上海华信（集团）有限公司", "上海华信(集团)有限公司"),
    ("上海华信【集团】", "上海华信(集团)"),
    ("ACME Ltd", "acme  ltd"),
    ("ＡＣＭＥ　Ｌｔｄ", "Acme Ltd"),
    ("华信\u200b商贸", "华信商贸"),
    ("\ufeff华信商贸\u00ad", "华信 商贸"),
    ("华信商贸\ufe0f", "华信商贸"),
    ("O’Neil–Smith", "o'neil-smith"),
    ("STRASSE", "Straße"),
    ("Łódź", "Łódź"),
]
NEAR = [
    ("北京甲有限公司", "北京甲有限责任公司"),
    ("北京甲股份有限公司", "北京甲公司"),
    ("Acme Co., Ltd.", "ACME Limited"),
    ("Acme Co.,Ltd", "Acme Company Ltd"),
    ("Müller GmbH & Co. KG", "Müller GmbH"),
    ("Bianchi S.r.l.", "Bianchi SRL"),
    ("Acme, Inc.", "Acme"),
    ("上海华信（集团）", "上海华信集团有限公司"),
]
OTHERS = [
    ("华信商贸", "华信贸易"),
    ("上海华信有限公司", "北京华信有限公司"),
    ("上海华信有限公司", "上海华信有限公司北京分公司"),
    ("Müller", "Muller"),
    ("Acme One Ltd", "Acme Two Ltd"),
    ("Sa Pa Trading", "Pa Trading"),
]


@pytest.mark.parametrize("one, other", SAME)
def test_the_same_name_however_it_is_typed(one, other):
    assert names.comparable(one) == names.comparable(other)
    assert names.near(one) == names.near(other)


@pytest.mark.parametrize("one, other", NEAR)
def test_another_legal_form_is_near_not_the_same(one, other):
    assert names.comparable(one) != names.comparable(other)
    assert names.near(one) == names.near(other)


@pytest.mark.parametrize("one, other", OTHERS)
def test_other_names_are_not_near(one, other):
    assert names.near(one) != names.near(other)


@pytest.mark.parametrize("name", ["Ltd", "有限公司", "GmbH", "()", "\u200b", ""])
def test_a_name_of_a_legal_form_alone_is_kept_or_empty(name):
    assert names.near(name) == names.letters(name) or name == ""


def test_a_phone_is_its_digits_from_the_area_code_on():
    ways = ["+86 138-0013-8000", "0086 13800138000", "１３８００１３８０００", "138 0013 8000"]
    assert {names.phone(way) for way in ways} == {"13800138000"}
    assert names.phone("010-12345678") == names.phone("+86 (10) 1234 5678")
    assert names.phone("8000") == names.phone("转 12") == ""
