"""Destruction lists as pages, and what is left of what they destroyed."""

import datetime as dt
import re

from app import write_mail
from models.adapters.outbox import Mail
from models.approvals import ApprovalFlow, Task
from models.archive import (
    DestructionList,
    ExternalFile,
    Filing,
    erase,
    retention,
)
from models.core.clock import at, now
from models.documents import Document
from models.payments import Payment
from tests.support.destruction import carried_out, proposed
from tests.support.forms import post


def test_a_destroyed_paper_keeps_a_page_for_staff_and_none_for_its_customer(firm, sign_in):
    paper = firm.issued(price="10")
    Payment.receive(firm.fang, firm.a, "CNY", paper.total, allocations=[(paper, paper.total)])
    Filing.file_document(firm.zhao, paper)
    assert sign_in(firm.anna).get(f"/portal/documents/{paper.id}").status_code == 200
    with at(now() + dt.timedelta(days=366 * 31)):
        row = DestructionList.propose(firm.zhao, list(retention.due()), "期满")
        row.approve(firm.wang)
        row.name_witnesses(firm.zhao, firm.fang, firm.ada)
        row.check(firm.fang)
        row.check(firm.ada)
        DestructionList.get_by_id(row.id).carry_out(firm.zhao)
        erase.erase_waiting()
    page = sign_in(firm.li).get(f"/documents/{paper.id}")
    assert page.status_code == 200 and paper.pdf_sha256 in page.text and "期满" in page.text
    assert sign_in(firm.li).get(f"/documents/{paper.id}/pdf").status_code == 409
    assert sign_in(firm.anna).get(f"/portal/documents/{paper.id}").status_code == 404
    assert (
        sign_in(firm.zhao).get(f"/archive/{Filing.of(Document.get_by_id(paper.id)).id}").status_code
        == 200
    )
    assert sign_in(firm.wang).get(f"/archive/destructions/{row.id}").status_code == 200


def test_what_is_due_says_what_stands_in_the_way(firm, sign_in):
    Filing.file_document(firm.zhao, firm.issued(price="10"))
    with at(now() + dt.timedelta(days=366 * 31)):
        browser = sign_in(firm.zhao)
        assert "is not fully paid" in browser.get("/archive/retention/").text
        answer = post(
            browser, "/archive/retention/lists", ids=str(Filing.get().id), opinion="一样要销毁"
        )
        assert (
            answer.status_code == 409
            and "一样要销毁" in answer.text
            and not DestructionList.select().exists()
        )


def test_what_stands_on_an_open_list_is_said_so_and_not_offered_again(firm, sign_in):
    paper = firm.issued("quote", price="10")
    Filing.file_document(firm.zhao, paper)
    with at(dt.datetime(2099, 1, 1)):
        filing = Filing.of(paper)
        browser = sign_in(firm.zhao)
        box = f'name="ids" value="{filing.id}"'
        assert box in browser.get("/archive/retention/").text
        row = DestructionList.propose(firm.zhao, [filing], "no use")
        page = browser.get("/archive/retention/").text
        assert box not in page and f"already on list {row.number}" in page


def test_a_list_of_destruction_goes_through_the_inbox(firm, sign_in):
    """Proposed on its page, told by mail, decided in the inbox by whom the flow names; the page
    shows the path."""
    filing = ExternalFile.receive(
        firm.li, b"<old/>", "a.xml", "other", title="旧件", customer=firm.a, day=dt.date(2001, 5, 6)
    ).filing
    archivist = sign_in(firm.zhao)
    assert "王经理" in archivist.get("/archive/retention/").text
    answer = post(archivist, "/archive/retention/lists", ids=str(filing.id), opinion="期满")
    row, task = DestructionList.get(), Task.get(Task.state == "open")
    assert answer.status_code == 303 and task.user == firm.wang
    page = archivist.get(f"/archive/destructions/{row.id}").text
    assert (
        'id="path"' in page and "王经理" in page and "Recall" in page and "Destroy now" not in page
    )
    mail = Mail.get(Mail.key == f"task-{task.id}")
    subject, text, _html = write_mail(mail)
    assert row.number in subject and row.number in text and f"/tasks/{task.id}" in text
    manager = sign_in(firm.wang)
    for path in ("/tasks/", f"/tasks/{task.id}", f"/archive/destructions/{row.id}"):
        assert row.number in manager.get(path).text
    assert (
        "旧件" in manager.get(f"/tasks/{task.id}").text
        and "期满" in manager.get(f"/tasks/{task.id}").text
    )
    assert post(sign_in(firm.fang), f"/tasks/{task.id}/approval").status_code == 404
    assert post(manager, f"/tasks/{task.id}/return", step="0", note="意见不足").status_code == 303
    assert "Submit again" in archivist.get(f"/archive/destructions/{row.id}").text
    assert (
        post(
            archivist, f"/archive/destructions/{row.id}/submission", opinion="期满，无纠纷"
        ).status_code
        == 303
    )
    task = Task.get(Task.state == "open")
    assert post(archivist, f"/requests/{task.request_id}/urging").status_code == 303
    answer = post(manager, "/tasks/approvals", ids=str(task.id))
    assert answer.status_code == 303 and DestructionList.get().state == "approved"
    told = manager.get("/tasks/").text
    assert row.number in told and "1 approved" in told
    assert (
        manager.get("/tasks/statistics").status_code == 200
        and "意见不足" in manager.get("/tasks/statistics").text
    )


def test_the_same_witness_twice_gives_the_list_back_with_the_names_as_chosen(firm, sign_in):
    paper = firm.issued("quote", price="10")
    Filing.file_document(firm.zhao, paper)
    with at(dt.datetime(2099, 1, 1)):
        row = DestructionList.propose(firm.zhao, [Filing.of(paper)], "no use")
        Task.get(Task.user == firm.wang).approve(by=firm.wang)
        answer = post(
            sign_in(firm.zhao),
            f"/archive/destructions/{row.id}/witnesses",
            first=str(firm.fang.id),
            second=str(firm.fang.id),
        )
    assert (
        answer.status_code == 409
        and "Choose two different witnesses" in answer.text
        and row.number in answer.text
    )
    chosen = re.findall(r'<option value="(\d+)"[^>]* selected', answer.text)
    assert chosen == [str(firm.fang.id)] * 2


def test_who_only_sells_can_be_asked_about_a_list(firm, sign_in):
    ApprovalFlow.get(ApprovalFlow.kind == "destruction").revise(
        firm.ada, steps=[{"who": "people", "people": [firm.li.id], "copy_to": [firm.chen.id]}]
    )
    filing = ExternalFile.receive(
        firm.li, b"<old/>", "a.xml", "other", title="旧件", customer=firm.a, day=dt.date(2001, 5, 6)
    ).filing
    row = DestructionList.propose(firm.zhao, [filing], "期满")
    task = Task.get(Task.state == "open")
    assert (
        sign_in(firm.li).get(f"/tasks/{task.id}").status_code
        == sign_in(firm.li).get(f"/archive/destructions/{row.id}").status_code
        == 200
    )
    assert "旧件" in sign_in(firm.chen).get(f"/tasks/{Task.get(Task.kind == 'copy').id}").text
    assert (
        post(sign_in(firm.li), f"/tasks/{task.id}/approval").status_code == 303
        and DestructionList.get().state == "approved"
    )
    row = DestructionList.get()
    row.withdraw(firm.zhao)
    ApprovalFlow.get(ApprovalFlow.kind == "destruction").revise(firm.ada, steps=["manager"])
    again = DestructionList.propose(firm.zhao, [filing], "期满")
    assert sign_in(firm.li).get(f"/archive/destructions/{again.id}").status_code == 404


def test_a_list_is_headed_as_one_and_its_witness_finds_it_on_the_home_page_and_in_the_mail(
    firm, sign_in
):
    paper = firm.issued(price="10")
    Payment.receive(firm.fang, firm.a, "CNY", paper.total, allocations=[(paper, paper.total)])
    Filing.file_document(firm.zhao, paper)
    with at(now() + dt.timedelta(days=366 * 31)):
        row = DestructionList.propose(firm.zhao, list(retention.due()), "期满")
        home = lambda person: sign_in(person).get("/").text  # noqa: E731
        assert "Check the destruction list" not in home(firm.fang) + home(firm.wang)
        zhao = sign_in(firm.zhao)
        zhao.set_cookie("language", "zh")
        assert (
            "列表" not in zhao.get("/archive/destructions/").text
            and f"<h1>销毁清册 {row.number}" in zhao.get(f"/archive/destructions/{row.id}").text
        )
        row.approve(firm.wang)
        row.name_witnesses(firm.zhao, firm.fang, firm.ada)
        assert f'href="/archive/destructions/{row.id}"' in home(
            firm.fang
        ) and "Check the destruction list against the archive" in home(firm.fang)
        assert "Check the destruction list" not in home(firm.wang)
        mail = Mail.get(Mail.template == "witness", Mail.recipient == firm.fang.email)
        subject, text, html = write_mail(mail)
        assert (
            row.number in subject and f"http://localhost:8000/archive/destructions/{row.id}" in text
        )
        row.check(firm.fang)
        assert "Check the destruction list" not in home(firm.fang)


def test_the_second_signature_leads_to_the_certificate(firm, old, sign_in):
    row = carried_out(firm, proposed(firm))
    page = f"/archive/destructions/{row.id}"
    for witness in (firm.fang, firm.ada):
        assert post(sign_in(witness), f"{page}/signature").status_code == 303
    browser = sign_in(firm.zhao)
    assert "The certificate is being made." in browser.get(page).text
    DestructionList.certify_waiting()
    assert "The certificate is being made." not in browser.get(page).text
    assert browser.get(page).headers["HX-Refresh"] == "true"
    assert browser.get(f"{page}/certificate").data.startswith(b"%PDF")


def test_today_names_the_next_step_of_a_list_to_the_archivist(firm, old, sign_in):
    row = proposed(firm)
    browser, waiting = sign_in(firm.zhao), firm.zhao.sees.destructions_waiting
    assert row.number not in browser.get("/").text and waiting() == 0
    row.approve(firm.wang)
    assert "Choose the witnesses of the destruction list" in browser.get("/").text
    assert waiting() == 1
    row.name_witnesses(firm.zhao, firm.fang, firm.ada)
    assert row.number not in browser.get("/").text and waiting() == 0
    row.check(firm.fang)
    assert waiting() == 0
    row.check(firm.ada)
    assert "Destroy what the list names" in browser.get("/").text and waiting() == 1
    assert row.number not in sign_in(firm.wang).get("/").text
    row.carry_out(firm.zhao)
    assert waiting() == 0


def test_today_tells_who_proposed_a_list_that_it_was_returned(firm, old, sign_in):
    row = proposed(firm)
    row.recall(firm.zhao)
    assert "Destruction list returned to you" in sign_in(firm.zhao).get("/").text
    assert row.number not in sign_in(firm.wang).get("/").text
