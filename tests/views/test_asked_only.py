"""Who is asked about another team's paper sees it and decides; it does not become theirs to change,
issue, send or copy."""

import pytest

from models.approvals import ApprovalRequest, Task
from models.core.errors import Forbidden
from models.documents import Document, Message
from tests.firm import KEY


@pytest.fixture
def asked(firm):
    """Li's paper over which Wang asks Chen of the other team first."""
    paper = firm.draft(price="5000")
    paper.submit(by=firm.li)
    task = ApprovalRequest.current(paper).tasks.where(Task.user == firm.wang).get()
    task.ask_before(by=firm.wang, person=firm.chen, note="you know them")
    return Document.get_by_id(paper.id)


def test_the_person_asked_sees_and_decides(firm, asked, sign_in):
    assert sign_in(firm.chen).get(f"/documents/{asked.id}").status_code == 200
    firm.chen.sees.tasks().get().approve(by=firm.chen)
    assert ApprovalRequest.current(asked).tasks.where(Task.user == firm.wang).get().state == "open"


@pytest.mark.parametrize(
    "verb",
    [
        lambda p, by: p.revise(by, p.version, note="mine now"),
        lambda p, by: p.copy(by),
        lambda p, by: p.recall(by),
        lambda p, by: Message.write(by, p, "hello, customer"),
    ],
)
def test_the_person_asked_may_not_change_copy_or_take_it_back(firm, asked, verb):
    with pytest.raises(Forbidden):
        verb(asked, firm.chen)
    fresh = Document.get_by_id(asked.id)
    assert (fresh.state, fresh.version, fresh.note) == (
        "submitted",
        asked.version,
        "",
    ) and Document.select().count() == 1


@pytest.mark.parametrize(
    "verb",
    [
        lambda p, by: p.send(by, list(p.customer.contacts)[:1]),
        lambda p, by: p.convert(by, "credit_note"),
    ],
)
def test_the_person_once_asked_may_not_use_it_when_it_is_issued(firm, asked, verb):
    firm.chen.sees.tasks().get().approve(by=firm.chen)
    firm.approve_all(asked)
    Document.get_by_id(asked.id).issue(by=firm.li)
    with pytest.raises(Forbidden):
        verb(Document.get_by_id(asked.id), firm.chen)


def test_no_button_and_no_form_invites_the_person_asked(firm, asked, sign_in):
    browser = sign_in(firm.chen)
    page = browser.get(f"/documents/{asked.id}").get_data(as_text=True)
    assert (
        f"/documents/{asked.id}/edit" not in page
        and f"/documents/{asked.id}/copy" not in page
        and f"/documents/{asked.id}/recall" not in page
    )
    assert browser.get(f"/documents/{asked.id}/edit").status_code == 403
    for path in ("edit", "autosave", "copy", "recall", "issue", "discard"):
        assert (
            browser.post(
                f"/documents/{asked.id}/{path}", data={"idempotency_key": KEY, "version": "1"}
            ).status_code
            == 403
        ), path


def test_a_manager_may_still_give_a_customer_away_and_mend_its_address_at_once(firm, sign_in):
    answer = sign_in(firm.wang).post(
        f"/customers/{firm.a.id}/edit",
        data={
            "name": "北京甲公司",
            "code": "A",
            "terms_days": "30",
            "currency": "CNY",
            "language": "zh",
            "owner": str(firm.chen.id),
            "billing": "New road 1",
        },
    )
    assert (
        answer.status_code == 303
        and firm.chen.sees.customers().where(type(firm.a).id == firm.a.id).get().address_text()
        == "New road 1"
    )


def test_a_paper_of_one_s_own_stays_one_s_own_whoever_has_the_customer(firm):
    paper = firm.draft(price="10")
    firm.a.revise(firm.fang, owner=firm.chen)
    paper.revise(firm.li, paper.version, note="still mine")
    with pytest.raises(Forbidden):
        firm.draft(price="10")
