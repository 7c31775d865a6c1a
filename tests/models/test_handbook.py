"""The handbook ships whole in both languages, is reworded in versions and acknowledged by
edition."""

import datetime as dt
import re

import pytest

from models.core.clock import at, now
from models.core.errors import Forbidden, Refused
from models.governance import Acknowledgement, HouseText, check, handbook
from views.markdown import markdown


def test_both_languages_have_the_same_sections_for_the_same_roles():
    for folder in ("handbook", "training"):
        zh, en = handbook.shipped(folder, "zh"), handbook.shipped(folder, "en")
        assert {k: v[1] for k, v in zh.items()} == {k: v[1] for k, v in en.items()} and zh
        assert all(re.search("[\u4e00-\u9fff]", v[0] + v[2]) for v in zh.values())
        assert not any(re.search("[\u4e00-\u9fff]", v[0] + v[2]) for v in en.values())
    assert len(handbook.shipped("handbook", "en")) == 15
    for key, (_title, _roles, text) in handbook.shipped("handbook", "en").items():
        assert "## Responsible" in text and "## Keep in mind" in text, key
    for key, (_title, _roles, text) in handbook.shipped("handbook", "zh").items():
        assert "## 谁负责" in text and re.search("## (注意|要记住)", text), key


@pytest.mark.asvs("1.2.2")
@pytest.mark.asvs("1.3.5")
def test_raw_html_and_script_links_stay_text():
    page = markdown(
        "<script>alert(1)</script>\n\n[x](javascript:alert(1)) ![p](http://x/p.png) <img "
        "src=x onerror=alert(1)>"
    )
    assert "<script" not in page and "<img" not in page and 'href="javascript' not in page


def test_an_own_wording_counts_and_has_to_be_acknowledged_again(firm):
    firm.li.set_language("zh")
    first = handbook.section("03-making", "zh")
    Acknowledgement.give(firm.li, "03-making", first.edition)
    assert "03-making" not in {s.key for s in handbook.unread(firm.li)}
    HouseText.write(firm.wang, "03-making", "zh", "制单规则", "新内容", after=0, reason="新合同")
    fresh = handbook.section("03-making", "zh")
    assert (fresh.title, fresh.text, fresh.edition, fresh.own) == ("制单规则", "新内容\n", 2, True)
    assert handbook.section("03-making", "en").older and "03-making" in {
        s.key for s in handbook.unread(firm.li)
    }
    with pytest.raises(Refused, match="handbook_changed"):
        Acknowledgement.give(firm.li, "03-making", 1)
    Acknowledgement.give(firm.li, "03-making", 2)
    HouseText.write(firm.wang, "03-making", "en", "Making", "New words", after=0, same_meaning=True)
    assert not handbook.section("03-making", "en").older and "03-making" not in {
        s.key for s in handbook.unread(firm.li)
    }


def test_of_two_editors_the_slower_is_told_and_sales_edit_nothing(firm):
    HouseText.write(firm.wang, "03-making", "zh", "一", "一", after=0)
    with pytest.raises(Refused, match="version_conflict"):
        HouseText.write(firm.ada, "03-making", "zh", "二", "二", after=0)
    with pytest.raises(Forbidden):
        HouseText.write(firm.li, "04-review", "zh", "二", "二", after=0)


def test_sections_concern_only_those_with_the_role(firm):
    of = {who: {s.key for s in handbook.unread(getattr(firm, who))} for who in ("li", "zhao")}
    assert (
        "03-making" in of["li"]
        and "03-making" not in of["zhao"]
        and "12-destruction" in of["zhao"]
        and "01-overview" in of["li"] & of["zhao"]
    )


def test_who_did_not_acknowledge_for_two_weeks_is_found(firm):
    for section in handbook.unread(firm.li):
        Acknowledgement.give(firm.li, section.key, section.edition)
    with at(now() + dt.timedelta(days=15)):
        found = [f for f in check.run() if f.rule == "handbook_unread"]
    assert {f.owner_id for f in found} == {
        p.id for p in (firm.ada, firm.wang, firm.chen, firm.fang, firm.zhao)
    }
