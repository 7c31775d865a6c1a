"""Flow editor, inbox and the acts of an approver, as pages."""

import io
import json
import secrets
from pathlib import Path

import pytest

from models.approvals import ApprovalFlow, ApprovalRequest, Delegation, SpecialDay, Task
from models.approvals.ready import as_file
from models.documents import Document
from tests.support.approvals import request_of, state, steps, submitted, task
from tests.support.office import people


def post(browser, path, **data):
    return browser.post(path, data={"idempotency_key": secrets.token_urlsafe(18), **data})


STEP = {
    "steps-0-who": "role",
    "steps-0-role": "manager",
    "steps-0-rule": "any",
    "steps-0-late": "remind",
    "steps-0-late_to": "0",
    "steps-0-fallback": "0",
}


def test_a_flow_is_made_changed_and_tried(office, sign_in):
    browser = sign_in(office.ada)
    data = {
        "name": "折扣",
        "kind": "invoice",
        "priority": "9",
        "least": "1,000.00",
        "currency": "CNY",
        "discount": "10",
        "active": "y",
        **STEP,
        "steps-3-who": "people",
        "steps-3-people": [office.gao.id],
        "steps-3-rule": "all",
        "steps-3-role": "manager",
        "steps-3-late": "pass",
        "steps-3-hours": "8",
        "steps-3-late_to": "0",
        "steps-3-fallback": office.ma.id,
    }
    answer = browser.post("/flows/new", data=data)
    flow = ApprovalFlow.get(ApprovalFlow.name == "折扣")
    assert (
        answer.status_code == 303 and flow.least == 100000 and flow.conditions == {"discount": 1000}
    )
    assert [s.get("who", "role") for s in flow.plan()] == ["role", "people"] and flow.plan()[1][
        "fallback"
    ] == office.ma.id
    page = browser.get(f"/flows/{flow.id}/edit").text
    assert 'value="1,000.00"' in page and 'name="steps-1-people"' in page
    paper = Document.draft(office.li, "invoice", office.a, [office.line("2000", discount=1500)])
    tried = browser.get(f"/flows/try?number={paper.id}").text
    assert ">selected<" in tried and "高总" in tried


def test_a_bad_flow_keeps_what_was_typed(office, sign_in):
    browser, before = sign_in(office.ada), ApprovalFlow.select().count()
    good = {"name": "x", "kind": "invoice", "currency": "CNY", **STEP}
    for bad in (
        {"least": "-5"},
        {"least": "NaN"},
        {"discount": "101"},
        {"priority": "1e9"},
        {"steps-0-hours": "99999"},
        {"kind": "bribe"},
        {"steps-0-who": "people"},
        {"steps-0-late": "hand_over"},
        {"owner": "999"},
    ):
        answer = browser.post("/flows/new", data={**good, **bad})
        assert (
            answer.status_code == 422
            and 'value="x"' in answer.text
            and ApprovalFlow.select().count() == before
        ), bad


def test_a_step_with_too_few_people_is_refused_and_one_that_lost_them_is_named(office, sign_in):
    browser = sign_in(office.ada)
    data = {**STEP, "name": "x", "kind": "invoice", "currency": "CNY", "steps-0-rule": "n"}
    answer = browser.post("/flows/new", data={**data, "steps-0-needed": "9"})
    assert answer.status_code == 422
    assert "A step needs 9 approvers, but only 4 are available." in answer.text
    browser.post("/flows/new", data={**data, "steps-0-needed": "4", "active": "y"})
    office.xu.disable(by=office.ada)
    flow, named = ApprovalFlow.get(ApprovalFlow.name == "x"), "Step 1 needs 4 approvers"
    assert named in browser.get(f"/flows/{flow.id}/edit").text
    assert "too few people" in browser.get("/flows/").text
    office.xu.enable(by=office.ada)
    assert named not in browser.get(f"/flows/{flow.id}/edit").text
    assert "too few people" not in browser.get("/flows/").text


def test_without_javascript_a_step_is_added_by_the_form_itself(office, sign_in):
    browser = sign_in(office.ada)
    page = browser.get("/flows/new").text
    assert 'name="steps-0-who"' in page and 'name="steps-1-who"' not in page, (
        "a new flow begins with one step, so that nobody saves one that asks nobody unawares"
    )
    answer = browser.post(
        "/flows/new",
        data={"name": "typed", "kind": "invoice", "currency": "CNY", "add_step": "1", **STEP},
    )
    assert (
        answer.status_code == 200
        and 'name="steps-1-who"' in answer.text
        and 'value="typed"' in answer.text
    )
    assert not ApprovalFlow.select().where(ApprovalFlow.name == "typed").exists()


def test_the_next_step_of_the_editor_has_its_number(office, sign_in):
    piece = sign_in(office.ada).get("/flows/step?number=7").text
    assert 'name="steps-7-who"' in piece and "steps-0-" not in piece


def test_two_editors_get_a_plain_word(office, sign_in):
    browser, data = (
        sign_in(office.ada),
        {
            "name": "one",
            "kind": "invoice",
            "currency": "CNY",
            "version": office.flow.version,
            **STEP,
        },
    )
    assert browser.post(f"/flows/{office.flow.id}/edit", data=data).status_code == 303
    answer = browser.post(f"/flows/{office.flow.id}/edit", data={**data, "name": "two"})
    assert answer.status_code == 422 and "Someone else changed this flow" in answer.text


def test_flows_as_a_file_and_ready_sets(office, sign_in):
    browser = sign_in(office.ada)
    data = browser.get("/flows/export.json").data
    assert json.loads(data)[0]["kind"] == "quote"
    answer = browser.post(
        "/flows/import",
        data={"idempotency_key": secrets.token_urlsafe(18), "file": (io.BytesIO(data), "f.json")},
    )
    assert answer.status_code == 303
    for bad in (b"", b"{}", b"[1]", b"[" * 5000):
        answer = browser.post(
            "/flows/import",
            data={
                "idempotency_key": secrets.token_urlsafe(18),
                "file": (io.BytesIO(bad), "f.json"),
            },
        )
        assert answer.status_code == 409, bad
    for size in ("5", "20", "50"):
        assert post(browser, "/flows/ready", size=size).status_code == 303
        paper = office.draft(price="200000")
        paper.submit(by=office.li)
        assert ApprovalRequest.current(paper).state == "open"
    assert post(browser, "/flows/ready", size="7").status_code == 409


def test_acts_of_an_approver_by_their_buttons(office, sign_in):
    wang, ma, fang = sign_in(office.wang), sign_in(office.ma), sign_in(office.fang)
    paper = submitted(office)
    assert (
        post(
            wang, f"/tasks/{task(paper, office.wang).id}/asking", person=office.ma.id, when="before"
        ).status_code
        == 303
    )
    assert post(ma, f"/tasks/{task(paper, office.ma).id}/approval").status_code == 303
    assert (
        post(
            wang, f"/tasks/{task(paper, office.wang).id}/hand-over", person=office.xu.id
        ).status_code
        == 303
    )
    assert (
        post(sign_in(office.xu), f"/tasks/{task(paper, office.xu).id}/approval").status_code == 303
    )
    mine = task(paper, office.fang)
    assert "Changes since" not in fang.get(f"/tasks/{mine.id}").text
    assert post(fang, f"/tasks/{mine.id}/return", step="2", note="x").status_code == 409
    assert post(fang, f"/tasks/{mine.id}/return", step="1", note="price?").status_code == 303
    assert state(paper) == "submitted" and task(paper, office.wang)


def test_who_was_asked_besides_is_not_offered_to_ask_another(office, sign_in):
    paper = submitted(office)
    mine = task(paper, office.wang)
    assert f"/tasks/{mine.id}/asking" in sign_in(office.wang).get(f"/tasks/{mine.id}").text
    mine.ask_after(by=office.wang, person=office.ma)
    added = task(paper, office.ma)
    page = sign_in(office.ma).get(f"/tasks/{added.id}").text
    assert f"/tasks/{added.id}/approval" in page and f"/tasks/{added.id}/asking" not in page


def test_a_double_click_decides_once_and_says_so_plainly(office, sign_in):
    steps(office, people(office.wang, office.xu))
    paper = submitted(office)
    late = task(paper, office.xu)
    assert (
        post(sign_in(office.wang), f"/tasks/{task(paper, office.wang).id}/approval").status_code
        == 303
    )
    answer = post(sign_in(office.xu), f"/tasks/{late.id}/approval")
    assert answer.status_code == 409 and "王经理 has already decided" in answer.text


def test_many_at_once_with_each_outcome(office, sign_in):
    papers = [submitted(office) for _ in range(3)]
    ids = [task(p, office.wang).id for p in papers]
    Document.get_by_id(papers[1].id).recall(by=office.li)
    browser = sign_in(office.wang)
    assert post(browser, "/tasks/approvals", ids=ids).status_code == 303
    page = browser.get("/tasks/").text
    assert "2 approved." in page and "no longer needs" in page
    assert [request_of(p).step for p in papers] == [2, 1, 2]
    assert post(browser, "/tasks/approvals").status_code == 409


def test_the_difference_and_the_way_are_on_the_task(office, sign_in):
    paper = submitted(office)
    for who in (office.wang, office.fang, office.zhao):
        task(paper, who).approve(by=who)
    paper = Document.get_by_id(paper.id)
    paper.revise(office.li, paper.version, [office.line("120")])
    Document.get_by_id(paper.id).submit(by=office.li)
    page = sign_in(office.wang).get(f"/tasks/{task(paper, office.wang).id}").text
    assert "price 100</del>" in page and "price 120</ins>" in page and 'id="path"' in page


def test_remarks_with_a_file_reach_only_those_concerned(office, sign_in):
    paper = submitted(office)
    number = request_of(paper).id
    answer = sign_in(office.wang).post(
        f"/requests/{number}/comments",
        data={
            "idempotency_key": secrets.token_urlsafe(18),
            "text": "<b>why?</b>",
            "next": "/tasks/",
            "file": (io.BytesIO(b"%PDF-1.4 "), "c.pdf"),
        },
    )
    assert answer.status_code == 303 and answer.location == "/tasks/"
    assert sign_in(office.li).get("/requests/comments/1/file").data == b"%PDF-1.4 "
    assert sign_in(office.chen).get("/requests/comments/1/file").status_code == 404
    assert "&lt;b&gt;why?" in sign_in(office.wang).get(f"/tasks/{task(paper, office.wang).id}").text


def test_absence_is_arranged_and_ended_on_its_page(office, sign_in):
    browser = sign_in(office.wang)
    data = {
        "user": office.wang.id,
        "to": office.ma.id,
        "first_day": "2026-01-01",
        "last_day": "2999-12-31",
        "kinds": ["invoice"],
        "most": "5,000",
    }
    assert (
        browser.post("/delegations/", data=data).status_code == 303
        and Delegation.get().most == 500000
    )
    assert browser.post("/delegations/", data={**data, "user": office.fang.id}).status_code == 422
    assert post(sign_in(office.chen), "/delegations/1/end").status_code == 404
    assert post(browser, "/delegations/1/end").status_code == 303 and Delegation.get().ended
    submitted(office)
    answer = post(
        sign_in(office.ada), "/delegations/hand-over", person=office.wang.id, to=office.ma.id
    )
    assert (
        answer.status_code == 303
        and Task.select().where(Task.user == office.ma.id, Task.state == "open").count() == 1
    )


def test_the_calendar_is_edited(office, sign_in):
    browser = sign_in(office.ada)
    assert "Spring Festival" in browser.get("/calendar/?year=2026").text
    assert (
        browser.post(
            "/calendar/", data={"day": "2027-02-06", "works": "off", "name": "春节"}
        ).status_code
        == 303
    )
    assert "2027-02-06" in browser.get("/calendar/?year=2027").text
    assert (
        post(browser, f"/calendar/{SpecialDay.get().id}/forget").status_code == 303
        and not SpecialDay.select().exists()
    )
    assert post(browser, "/calendar/hours", begins="8", ends="17").status_code == 303
    assert post(browser, "/calendar/hours", begins="17", ends="8").status_code == 409
    assert post(browser, "/calendar/hours", begins="x", ends="8").status_code == 422


def test_straight_back_is_offered_only_when_it_would_work(office, sign_in):
    browser, paper = sign_in(office.li), submitted(office)
    task(paper, office.wang).approve(by=office.wang)
    task(paper, office.fang).return_to(by=office.fang, step=0, note="contract")
    assert "Resubmit to the step that returned it" in browser.get(f"/documents/{paper.id}").text
    assert (
        post(browser, f"/documents/{paper.id}/submission", straight_back="1").status_code == 303
        and request_of(paper).step == 2
    )


def test_no_request_leads_round_the_approval(office, sign_in):
    """Edit after approval, copy, conversion, bulk action and direct request: each ends unapproved
    or refused."""
    browser, manager = sign_in(office.li), sign_in(office.ada)
    office.ada.revise(office.ada, roles=["admin", "manager", "finance", "sales"])
    manager = sign_in(office.ada)
    draft = office.draft()
    for hand in (browser, manager):
        assert post(hand, f"/documents/{draft.id}/issue").status_code == 409
    assert (
        post(
            browser, "/documents/bulk", act="issue", ids=[draft.id], next="/documents/"
        ).status_code
        == 303
    )
    assert state(draft) == "draft"
    paper = submitted(office)
    assert (
        post(browser, f"/documents/{paper.id}/issue").status_code == 409
        and post(manager, f"/tasks/{task(paper, office.wang).id}/approval").status_code == 404
    )
    for who in (office.wang, office.fang, office.zhao):
        task(paper, who).approve(by=who)
    copied = post(browser, f"/documents/{paper.id}/copy").location.split("/")[2]
    assert post(browser, f"/documents/{copied}/issue").status_code == 409
    fields = {**edited(office), "version": str(Document.get_by_id(paper.id).version)}
    assert (
        browser.post(
            f"/documents/{paper.id}/edit",
            data={**fields, "idempotency_key": secrets.token_urlsafe(18)},
        ).status_code
        == 303
    )
    assert (
        state(paper) == "draft" and post(browser, f"/documents/{paper.id}/issue").status_code == 409
    )
    order = office.issued("order", price="10")
    into = post(browser, f"/documents/{order.id}/conversion", kind="invoice").location.split("/")[2]
    assert post(browser, f"/documents/{into}/issue").status_code == 409
    assert (
        not Document.select()
        .where(Document.kind == "invoice", Document.number.is_null(False))
        .exists()
    )


def edited(office):
    from tests.valid_forms.shared import paper

    return paper(office, office.draft())


@pytest.mark.parametrize("size", ["5", "20", "50"])
def test_the_shipped_files_are_the_ready_sets_and_are_taken_in(office, sign_in, size):
    """What docs/flows/ ships goes through the page's own import, and asks the same people as the
    button does."""
    shipped = (Path(__file__).parents[2] / "docs" / "flows" / f"firm-{size}.json").read_bytes()
    assert json.loads(shipped) == json.loads(json.dumps(as_file(size)))
    for flow in ApprovalFlow.in_force():
        flow.revise(office.ada, active=False)
    browser = sign_in(office.ada)
    answer = browser.post(
        "/flows/import",
        data={
            "idempotency_key": secrets.token_urlsafe(18),
            "file": (io.BytesIO(shipped), "f.json"),
        },
    )
    assert answer.status_code == 303
    papers = [office.draft(price=price) for price in ("10", "6000", "30000", "200000")]

    def taken():
        return [
            [
                (s["who"], s["role"], [u.name for u in found])
                for s, found in ApprovalRequest.preview(p, office.li)[1]
            ]
            for p in papers
        ]

    by_file = taken()
    assert {f.currency for f in ApprovalFlow.in_force()} == {"CNY"} and {
        f.kind for f in ApprovalFlow.in_force()
    } >= {"void", "destruction", "invoice"}
    post(browser, "/flows/ready", size=size)
    assert taken() == by_file and any(by_file)
