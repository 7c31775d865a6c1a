"""Courses, quizzes, certificates, and roles whose permissions paused until the course is passed."""

import datetime as dt

import pypdfium2
import pytest

from models.adapters.outbox import Mail
from models.core.clock import at, now, today
from models.core.database import db
from models.core.errors import Forbidden, Refused
from models.documents import Document
from models.governance import HouseText, Requirement, Training, check, course, training
from models.operations import checks
from models.people import User


def right(row):
    return {i: q.right for i, q in enumerate(course.course(row.course, "zh").questions)}


def newcomer(firm, roles=("sales",)):
    return User.enter(
        firm.ada, name="小周", email="zhou@firm.test", roles=list(roles), team=firm.li.team
    )


@pytest.fixture
def required(firm):
    Requirement.define(firm.ada, "sales", "course-sales", blocks=True, days=14, valid_months=12)
    return firm


def test_a_newcomers_rights_rest_until_the_course_is_passed(required):
    zhou = newcomer(required)
    row = Training.get(Training.user == zhou)
    assert (
        not zhou.may("write")
        and zhou.resting == ["sales"]
        and row.due_on == today() + dt.timedelta(days=14)
    )
    with pytest.raises(Forbidden):
        Document.draft(zhou, "invoice", required.a, [required.line()])
    assert (
        row.answer(zhou, {**right(row), 0: 0, 1: 1})
        and Training.get_by_id(row.id).state == "assigned"
    )
    Training.get_by_id(row.id).answer(zhou, right(row))
    fresh, zhou = Training.get_by_id(row.id), User.get_by_id(zhou.id)
    assert (
        (fresh.state, fresh.score, fresh.tries) == ("passed", 100, 2)
        and zhou.may("write")
        and zhou.resting == []
    )
    assert [e.action for e in fresh.events] == [
        "assigned",
        "failed",
        "passed",
    ] and checks.faults() == []


def test_four_of_five_are_enough_and_all_must_be_answered(required):
    zhou = newcomer(required)
    row = Training.get(Training.user == zhou)
    given = right(row)
    with pytest.raises(Refused, match="answer_all"):
        row.answer(zhou, {0: 1})
    assert (
        row.answer(zhou, {**given, 4: (given[4] + 1) % 4}) == [4]
        and Training.get_by_id(row.id).score == 80
    )
    with pytest.raises(Refused, match="state_changed"):
        Training.get_by_id(row.id).answer(zhou, given)


def test_nobody_answers_for_another(required):
    zhou = newcomer(required)
    row = Training.get(Training.user == zhou)
    with pytest.raises(Refused, match="not_yours"):
        row.answer(required.wang, right(row))


def test_those_who_hold_the_role_keep_their_rights_until_it_is_due(required):
    li = User.get_by_id(required.li.id)
    assert li.may("write") and Training.open().where(Training.user == li.id).count() == 1
    with at(now() + dt.timedelta(days=15)):
        training.run(), training.run()
        assert not User.get_by_id(li.id).may("write")
        assert "training_late" in {f.rule for f in check.run()}
    assert (
        Mail.select()
        .where(Mail.template == "training_due", Mail.recipient == "li@firm.test")
        .count()
        == 1
    )


def test_may_asks_the_database_nothing(required, monkeypatch):
    zhou = User.get_by_id(newcomer(required).id)
    asked = []
    real = db.obj.execute_sql
    monkeypatch.setattr(db.obj, "execute_sql", lambda *a, **k: asked.append(a) or real(*a, **k))
    assert not zhou.may("write") and required.fang.may("pay") and asked == []


def test_a_certificate_runs_out_and_is_renewed(required):
    zhou = newcomer(required)
    row = Training.get(Training.user == zhou)
    row.answer(zhou, right(row))
    row = Training.get_by_id(row.id)
    with at(now() + dt.timedelta(days=340)):
        training.run(), training.run()
        again = Training.get(Training.user == zhou, Training.state == "assigned")
        assert again.due_on == row.valid_until and User.get_by_id(zhou.id).may("write")
    with at(now() + dt.timedelta(days=370)):
        training.run()
        assert not User.get_by_id(zhou.id).may("write")


def test_lifting_the_requirement_gives_the_rights_back(required):
    zhou = newcomer(required)
    Requirement.get().lift(required.ada)
    assert User.get_by_id(zhou.id).may("write") and checks.faults() == []


def test_a_new_role_brings_its_course_and_other_roles_still_work(required):
    fang = User.get_by_id(required.fang.id)
    fang.revise(required.ada, roles=["finance", "sales"])
    assert (
        fang.resting == ["sales"] and fang.may("pay") and fang.may("write")
    )  # finance may write too
    with pytest.raises(Refused, match="admin_never_rests"):
        Requirement.define(required.ada, "admin", "course-admin", True, days=3, valid_months=0)


def test_a_resting_manager_is_not_asked_to_approve(firm):
    Requirement.define(firm.ada, "manager", "course-manager", blocks=True, days=14, valid_months=0)
    new = User.enter(
        firm.ada, name="新经理", email="m2@firm.test", roles=["manager"], team=firm.li.team
    )
    paper = firm.draft(price="2000")
    paper.submit(by=firm.li)
    from models.approvals import ApprovalRequest

    assert [t.user for t in ApprovalRequest.current(paper).tasks] == [
        firm.wang
    ] and new.resting == ["manager"]


def test_lessons_speak_of_the_firms_own_papers_and_names_stay_text(firm):
    invoice = firm.issued(price="10")
    firm.a.revise(firm.li, name="甲[x](javascript:1)")
    known = course.facts(firm.li)
    text = course.fill_names(course.course("course-sales", "zh").lessons[2][1], known)
    assert (
        f"[{invoice.number}](/documents/{invoice.id})" in text and "[x](" not in known["customer"]
    )


def test_a_certificate_is_a_page_with_name_and_course(required):
    zhou = newcomer(required)
    row = Training.get(Training.user == zhou)
    row.answer(zhou, right(row))
    row = Training.get_by_id(row.id)
    text = pypdfium2.PdfDocument(row.certificate_pdf())[0].get_textpage().get_text_range()
    assert "小周" in text and "业务员" in text and row.certificate in text


def test_a_course_that_could_not_be_held_is_refused():
    for text in (
        "",
        "## a\nb",
        "## a\nb\n## q\n? x\n- y\n- z",
        "## a\nb\n## q\n? x\n+ y\n+ z",
        "## q\n? x\n+ y\n- z",
    ):
        with pytest.raises(Refused):
            course.check_text(text)
    course.check_text("## a\nb\n## q\n? x\n+ y\n- z")


def test_a_course_with_new_content_is_taken_again_and_the_old_certificate_counts_until_then(
    required,
):
    zhou = newcomer(required)
    row = Training.get(Training.user == zhou)
    row.answer(zhou, right(row))
    HouseText.write(required.wang, row.course, "zh", "业务员", course_text(), 0)
    old, fresh = (
        Training.get_by_id(row.id),
        Training.get(Training.user == zhou, Training.state == "assigned"),
    )
    assert fresh.due_on == old.valid_until == today() + dt.timedelta(days=14) and User.get_by_id(
        zhou.id
    ).may("write")
    assert [e.action for e in old.events][-1] == "expired" and checks.faults() == []
    assert Mail.select().where(Mail.key == f"training-{fresh.id}").count() == 1
    with at(now() + dt.timedelta(days=15)):
        training.run()
        assert not User.get_by_id(zhou.id).may("write")
        fresh.answer(zhou, right(fresh))
        training.run()
        assert (
            User.get_by_id(zhou.id).may("write")
            and not Training.open().where(Training.user == zhou.id).exists()
        )


def test_other_words_alone_and_a_course_that_nobody_requires_are_not_taken_again(required):
    zhou = newcomer(required)
    row = Training.get(Training.user == zhou)
    row.answer(zhou, right(row))
    HouseText.write(required.wang, row.course, "zh", "业务员", course_text(), 0, same_meaning=True)
    Requirement.get().lift(required.ada)
    HouseText.write(required.wang, row.course, "en", "Sales", course_text(), 0)
    assert (
        not Training.open().where(Training.user == zhou.id).exists()
        and Training.get_by_id(row.id).valid_until == row.valid_until
    )


def course_text():
    return "## 一课\n内容\n## 测验\n? 对吗\n+ 对\n- 不对\n"
