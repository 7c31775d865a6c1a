"""A {word} that nobody fills in is refused when the text is saved, with those that exist."""

import re

import pytest

from models.archive.naming import FilingRule
from models.care import GreetingText
from models.core.errors import Refused
from models.core.placeholders import fill_placeholders
from models.dunning import ReminderLevel
from models.insights.acts import Act
from models.numbering import NumberPattern
from models.payment_details import checked_link

OFFER = {"subject": "Tea", "text": "Dear {name}, come back"}
LINK = "https://pay.test/{invoice}"


def level(firm, **data):
    return ReminderLevel.ladder()[0].revise(firm.fang, **data)


TEXTS = {
    "reminder": (lambda firm, text: level(firm, text_en=text), "Pay {amount}", "{total}"),
    "reminder title": (lambda firm, text: level(firm, title_zh=text), "{firm}", None),
    "a brace alone": (lambda firm, text: level(firm, text_zh=text), "请付 {total", "{total}"),
    "greeting": (
        lambda firm, text: GreetingText.write(firm.ada, "birthday", "en", "Hi", text),
        "Dear {first_name}",
        "{name}",
    ),
    "its subject": (
        lambda firm, text: GreetingText.write(firm.ada, "birthday", "en", text, "Hi"),
        "Dear {first_name}",
        "{name}",
    ),
    "file name": (
        lambda firm, text: FilingRule.define(firm.zhao, "invoice", text),
        "{number}_{amount}",
        "{total}",
    ),
    "number": (
        lambda firm, text: NumberPattern.define(firm.ada, "invoice", text),
        "{day}-{n:4}",
        "{month}",
    ),
    "offer": (
        lambda firm, text: Act.begin(
            firm.li, "campaign", "stopped", [firm.a], "CNY", {}, {"subject": "Tea", "text": text}
        ),
        "Dear {name}, come back",
        None,
    ),
}


@pytest.mark.parametrize("which", TEXTS)
def test_an_unknown_placeholder_is_refused_with_those_that_exist(firm, which):
    save, text, known = TEXTS[which]
    with pytest.raises(Refused) as refused:
        save(firm, text)
    assert refused.value.facts["word"] in text
    if known:
        assert refused.value.code == "placeholder_unknown" and known in refused.value.facts["known"]
    else:
        assert refused.value.code == "no_placeholders"


def test_the_page_names_them_and_keeps_what_was_typed(firm, sign_in):
    row = ReminderLevel.ladder()[0]
    data = {"days": row.days, "interest": "", "title_zh": "一", "title_en": "One", "active": "y"}
    data |= {"text_zh": "请付", "text_en": "Please pay {amount} for {invoice}."}
    answer = sign_in(firm.fang).post(f"/reminders/levels/{row.id}/edit", data=data)
    assert answer.status_code == 422
    assert "“{amount}” is not filled in" in answer.text and "{currency} {date}" in answer.text
    assert "Please pay {amount} for {invoice}." in answer.text


def test_every_known_one_may_be_used_and_a_payment_link_has_its_own(firm):
    level(firm, text_en="{customer} {firm} {total} {currency} {date}", text_zh="请付 {total}")
    assert ReminderLevel.ladder()[0].text("zh", total="1.00") == "请付 1.00"
    with pytest.raises(Refused, match="link_pattern"):
        checked_link(LINK)


@pytest.mark.asvs("1.3.7", "1.3.10")
def test_braces_in_a_name_are_no_placeholder():
    assert fill_placeholders("{a} {b}", {"a": "{b}", "b": "x"}) == "{b} x"
    assert re.fullmatch(r"\{c\}", fill_placeholders("{c}", {}))
