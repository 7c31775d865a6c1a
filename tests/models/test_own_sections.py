"""The firm's own sections and courses stand beside those that ship: read, reworded, acknowledged,
taken, withdrawn."""

import pytest

from models.core.errors import Forbidden, Refused
from models.governance import (
    Acknowledgement,
    HouseText,
    OwnSection,
    Requirement,
    Training,
    course,
    handbook,
    section,
)

QUIZ = "## 一、规矩\n先看发票 {invoice}\n\n## 测验\n" + "".join(
    f"? 问题{i}\n+ 对\n- 错\n" for i in range(3)
)


def refused(code, act, *args, **kwargs):
    with pytest.raises(Refused) as error:
        act(*args, **kwargs)
    assert error.value.code == code


def travel(firm, **more):
    return section.begin(
        firm.wang,
        "handbook",
        ["sales"],
        {"zh": ("出差", "先申请"), "en": ("Travel", "Ask first")} | more,
    )


def test_an_own_section_is_read_and_acknowledged_by_those_it_concerns(firm):
    before = len(handbook.unread(firm.li))
    row = travel(firm)
    assert [(s.title, s.edition, s.own) for s in handbook.sections("zh") if s.key == row.key] == [
        ("出差", 1, True)
    ]
    assert handbook.section(row.key, "en").title == "Travel" and [e.action for e in row.events] == [
        "begun"
    ]
    assert len(handbook.unread(firm.li)) == before + 1 and row.key not in {
        s.key for s in handbook.unread(firm.fang)
    }
    Acknowledgement.give(firm.li, row.key, 1)
    assert row.key not in {s.key for s in handbook.unread(firm.li)}


def test_it_is_acknowledged_again_when_its_meaning_changes_and_only_then(firm):
    row = travel(firm)
    Acknowledgement.give(firm.li, row.key, 1)
    last = handbook.section(row.key, "zh").last
    HouseText.write(firm.wang, row.key, "zh", "出差", "先申请。", last, same_meaning=True)
    assert row.key not in {s.key for s in handbook.unread(firm.li)}
    HouseText.write(
        firm.wang,
        row.key,
        "zh",
        "出差",
        "先申请，超过两天由经理批准",
        handbook.section(row.key, "zh").last,
        "新规定",
    )
    assert (
        row.key in {s.key for s in handbook.unread(firm.li)}
        and handbook.section(row.key, "en").older
    )
    assert [v.text for v in HouseText.versions(row.key, "zh")][-1] == "先申请\n"
    refused("version_conflict", HouseText.write, firm.wang, row.key, "zh", "x", "y", last)


def test_one_language_is_enough_and_the_other_can_follow(firm):
    row = section.begin(
        firm.wang, "handbook", ["finance"], {"zh": ("印章", "锁好"), "en": ("", " ")}
    )
    here = handbook.section(row.key, "en")
    assert (here.title, here.last) == ("印章", 0)
    HouseText.write(firm.wang, row.key, "en", "Seals", "Lock them", 0, same_meaning=True)
    assert (
        handbook.section(row.key, "en").title == "Seals"
        and handbook.section(row.key, "zh").title == "印章"
    )
    refused(
        "text_needed",
        section.begin,
        firm.wang,
        "handbook",
        ["sales"],
        {"zh": ("", ""), "en": ("", "")},
    )
    refused(
        "text_needed", section.begin, firm.wang, "handbook", ["sales"], {"zh": ("只有标题", "")}
    )
    refused("nothing_chosen", section.begin, firm.wang, "handbook", [], {"zh": ("a", "b")})
    refused("choice_unknown", section.begin, firm.wang, "handbook", ["king"], {"zh": ("a", "b")})
    with pytest.raises(Forbidden):
        section.begin(firm.li, "handbook", ["sales"], {"zh": ("a", "b")})
    assert OwnSection.select().count() == 1


def test_an_own_course_is_required_taken_and_passed(firm):
    firm.li.set_language("zh")
    refused(
        "course_unreadable",
        section.begin,
        firm.wang,
        "training",
        ["sales"],
        {"zh": ("茶", "没有课文")},
    )
    row = section.begin(firm.wang, "training", ["sales"], {"zh": ("茶叶知识", QUIZ)})
    assert row.key in set(course.keys()) and len(course.course(row.key, "en").questions) == 3
    requirement = Requirement.define(firm.ada, "sales", row.key, True, 7, 0)
    refused("still_required", section.withdraw, firm.wang, row)
    taken = Training.get(Training.user == firm.li.id, Training.course == row.key)
    taken.answer(firm.li, {0: 0, 1: 0, 2: 0})
    assert Training.get_by_id(taken.id).certificate
    requirement.lift(firm.ada)
    refused("still_taken", section.withdraw, firm.wang, OwnSection.get())
    Training.get(Training.user == firm.chen.id, Training.course == row.key).drop(firm.wang)
    section.withdraw(firm.wang, OwnSection.get())
    assert row.key not in set(course.keys()) and course.course(row.key, "zh") is None


def test_a_withdrawn_section_asks_nobody_and_stays_on_record(firm):
    row = travel(firm)
    Acknowledgement.give(firm.li, row.key, 1)
    section.withdraw(firm.wang, row)
    assert handbook.section(row.key, "zh") is None and row.key not in {
        s.key for s in handbook.unread(firm.chen)
    }
    assert (
        Acknowledgement.select().where(Acknowledgement.key == row.key).count() == 1
        and HouseText.select().count() == 2
    )
    refused("state_changed", section.withdraw, firm.wang, row)


def test_the_pages_add_show_reword_and_withdraw(firm, sign_in):
    wang = sign_in(firm.wang)
    assert "/handbook/new" in wang.get("/handbook/").get_data(
        as_text=True
    ) and "folder=training" in wang.get("/training/everyone").get_data(as_text=True)
    data = {
        "folder": "handbook",
        "roles": ["sales"],
        "title_zh": "出差",
        "text_zh": "## 先申请\n- 再出门",
        "title_en": "",
        "text_en": "",
        "idempotency_key": "k" * 24,
    }
    assert wang.post("/handbook/new", data={**data, "roles": []}).status_code == 422
    key = wang.post("/handbook/new", data=data).headers["Location"].rsplit("/", 1)[1]
    page = sign_in(firm.li).get(f"/handbook/{key}").get_data(as_text=True)
    assert "<h2>先申请</h2>" in page and "/acknowledgement" in page and "/withdrawal" not in page
    wang = sign_in(firm.wang)
    edited = wang.post(
        f"/handbook/{key}/edit",
        data={
            "language": "en",
            "after": "0",
            "title": "Travel",
            "text": "Ask",
            "reason": "",
            "idempotency_key": "k" * 25,
        },
    )
    assert edited.status_code == 303 and wang.get(f"/handbook/{key}/versions").status_code == 200
    assert (
        wang.post(f"/handbook/{key}/withdrawal", data={"idempotency_key": "k" * 26}).status_code
        == 303
    )
    assert wang.get(f"/handbook/{key}").status_code == 404
    bad = wang.post(
        "/handbook/new", data={**data, "folder": "training", "idempotency_key": "k" * 27}
    )
    assert bad.status_code == 422 and "先申请" in bad.get_data(as_text=True)
