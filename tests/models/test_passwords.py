"""Which passwords are taken, and which are too easy: common ones, and those of words anyone would
try here."""

import pytest

from models.company import Company
from models.core.errors import Refused
from models.people import passwords


@pytest.mark.asvs("6.2.4", "6.2.12")
def test_three_thousand_common_passwords_of_our_length_are_known():
    assert len(passwords.common()) >= 3000 and min(map(len, passwords.common())) >= 12


@pytest.mark.parametrize(
    "password",
    [
        "1qaz2wsx3edc",
        "QWERTYQWERTY",
        "qwerty 123456",
        "Q1W2E3R4T5Y6",
        "aaaaaaaaaaaaaaab",
        "121212121212",
        "danju demo 2026",
        "DanJu-2026-DanJu",
        "华信商贸华信商贸华信2026",
        "王经理王经理王经理王经理",
        "wang@firm.test",
        "Wang.Firm.Test.1",
        "password password 1",
        "admin-admin-2026",
    ],
)
@pytest.mark.asvs("6.2.4", "6.2.11", "6.2.12")
def test_what_anyone_would_try_is_refused(firm, password):
    with pytest.raises(Refused) as no:
        firm.wang.set_password(password, by=firm.wang)
    assert no.value.code == "password_weak" and firm.wang.password == ""


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "tulip 47 rides north",
        "我们家的猫喜欢在雨天晒太阳",
        "王经理的自行车停在楼下左边",
        "x" * 59 + "yzabc",
        "        leading and trailing  ",
        "ÄÖÜ ßéñ ☂☃ 12345",
    ],
)
@pytest.mark.asvs("6.2.5", "6.2.8")
def test_any_signs_will_do_and_are_kept_exactly(firm, password):
    firm.wang.set_password(password, by=firm.wang)
    assert firm.wang.check_password(password)
    assert not any(
        firm.wang.check_password(other)
        for other in (password.strip() + ".", password[:-1], password.swapcase() + ".")
    )


@pytest.mark.asvs("6.2.11")
def test_a_contact_may_not_use_the_name_of_its_company(firm):
    with pytest.raises(Refused):
        firm.anna.set_password("北京甲公司 Anna 2026", by=firm.anna)


def test_only_a_demo_firm_takes_the_demo_password(firm):
    Company.update(demo=True).execute()
    firm.anna.set_password(passwords.DEMO, by=firm.anna)
    assert firm.anna.check_password(passwords.DEMO)
