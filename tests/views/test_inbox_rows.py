"""Approving and sending back on the row of the inbox, with what is unusual about each."""

import secrets

from models.approvals import ApprovalRequest, Comment, Task
from models.documents import Document


def post(browser, path, **data):
    return browser.post(path, data={"idempotency_key": secrets.token_urlsafe(18), **data})


def asked(firm, **more):
    paper = Document.draft(firm.li, "invoice", firm.a, [firm.line(**more)])
    paper.submit(by=firm.li)
    return ApprovalRequest.current(Document.get_by_id(paper.id)).tasks.get()


def row(page, task):
    return page.split(f'id="task-{task.id}"')[1].split("</li>")[0]


def test_the_row_says_what_is_unusual_and_approves(firm, sign_in):
    firm.pen.revise(firm.li, cost=100_000)
    firm.a.revise(firm.fang, credit_limit=100_000)
    task = asked(firm, price="9", quantity="1000", product=firm.pen.id)
    Comment.write(firm.li, task.request, "The price of last year.")
    browser = sign_in(firm.wang)
    said = row(browser.get("/tasks/").text, task)
    for words in (
        "Over credit limit by 9,170.00",
        "Margin -11.12%",
        "12.5",
        "The price of last year.",
    ):
        assert words in said, said
    assert "<del>12.5</del>" in browser.get(f"/tasks/{task.id}").text
    for path in (f"/tasks/{task.id}", f"/documents/{task.request.document_id}"):
        head = browser.get(path).text.split("</h1>")[0]
        assert "Over credit limit by 9,170.00" in head and "Margin -11.12%" in head
    answer = post(browser, f"/tasks/{task.id}/approval")
    assert answer.headers["Location"] == "/tasks/"
    assert Task.get_by_id(task.id).state == "approved"
    assert "10,170.00 CNY approved." in browser.get("/tasks/").text
    assert "Margin" not in browser.get(f"/tasks/{task.id}").text


def test_the_margin_is_told_to_those_who_see_figures(firm, sign_in):
    firm.pen.revise(firm.li, cost=100_000)
    task = asked(firm, price="9", quantity="1000", product=firm.pen.id)
    task.hand_over(by=firm.wang, to=firm.chen, note="you know them")
    page = sign_in(firm.chen).get("/tasks/").text
    assert "Margin" not in page and "Below list price" in page


def test_the_row_returns_and_rejects_with_a_reason(firm, sign_in):
    first, second = asked(firm, price="5000"), asked(firm, price="6000")
    browser = sign_in(firm.wang)
    assert post(browser, f"/tasks/{first.id}/return", step="0", note="").status_code == 422
    post(browser, f"/tasks/{first.id}/return", step="0", note="dear")
    post(browser, f"/tasks/{second.id}/rejection", step="0", note="no")
    states = [Task.get_by_id(t.id).state for t in (first, second)]
    assert states == ["returned", "rejected"]


def test_of_many_the_one_that_changed_meanwhile_is_named_and_stays(firm, sign_in):
    first, second = asked(firm, price="5000"), asked(firm, price="6000")
    browser = sign_in(firm.wang)
    browser.get("/tasks/")
    second.request.document.recall(by=firm.li)
    Document.get_by_id(second.request.document_id).submit(by=firm.li)
    post(browser, "/tasks/approvals", ids=[first.id, second.id])
    page = browser.get("/tasks/").text
    assert "1 approved." in page and page.count("6,780.00") >= 2
    assert Document.get_by_id(first.request.document_id).state == "approved"
    assert Document.get_by_id(second.request.document_id).state == "submitted"


def test_back_to_the_list_that_had_the_row(firm, sign_in):
    task = asked(firm, price="5000")
    browser = sign_in(firm.wang)
    for given, goes in (("https://elsewhere.test", "/"), ("/", "/")):
        assert post(browser, f"/tasks/{task.id}/approval", next=given).headers["Location"] == goes
        task = asked(firm, price="5000")


def test_what_i_submitted_and_what_i_decided_are_tabs(firm, sign_in):
    task = asked(firm, price="5000")
    mine = sign_in(firm.li).get("/tasks/?tab=submitted").text
    assert "waiting for 王经理" in mine and f"/requests/{task.request_id}/urging" in mine
    assert "Nothing decided yet" in sign_in(firm.wang).get("/tasks/?tab=decided").text
    task.approve(by=firm.wang, note="fine")
    assert "fine" in sign_in(firm.wang).get("/tasks/?tab=decided").text
    assert "waiting for" not in sign_in(firm.li).get("/tasks/?tab=submitted").text
