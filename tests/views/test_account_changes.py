"""A changed bank account over HTTP: who sees that it waits, what is printed meanwhile, who
decides."""

import pytest

from models.account_change import AccountChange
from models.company import Company
from models.core.clock import at
from models.people import Session
from tests.firm import KEY

OLD, NEW = "6222 0000 0001", "6222 9999 9999"


@pytest.fixture
def ada(firm, sign_in):
    Company.current().revise(firm.ada, bank_name="ICBC", bank_account=OLD)
    return sign_in(firm.ada)


@pytest.fixture
def fang(firm, sign_in):
    return sign_in(firm.fang)


def change(ada):
    answer = ada.post("/settings/money", data={"bank_account": NEW, "group": "bank"})
    assert answer.status_code == 303
    return AccountChange.waiting()


def test_it_waits_on_today_of_who_may_decide_with_old_against_new(ada, fang, firm, sign_in):
    asked = change(ada)
    page = fang.get("/").text
    assert f"/account-changes/{asked.id}" in page and f"{OLD} → {NEW}" in page
    for browser in (ada, sign_in(firm.li), sign_in(firm.wang)):
        assert "/account-changes/" not in browser.get("/").text
    note = ada.get("/settings/money", follow_redirects=True).text
    assert f"{OLD} → {NEW}" in note and "waits for a second person" in note
    assert sign_in(firm.li).get(f"/account-changes/{asked.id}").status_code == 403


def test_finance_approves_and_then_it_prints(ada, fang, firm):
    asked = change(ada)
    path = f"/account-changes/{asked.id}"
    page = fang.get(path).text
    assert (
        OLD in page and NEW in page and f"{path}/approval" in page and f"{path}/rejection" in page
    )
    assert "/approval" not in ada.get(path).text and "/withdrawal" in ada.get(path).text
    assert ada.post(f"{path}/approval", data={"idempotency_key": KEY}).status_code == 409
    assert Company.current().bank_account == OLD
    assert fang.post(f"{path}/approval", data={"idempotency_key": KEY}).status_code == 303
    assert Company.current().bank_account == NEW
    assert "approval" not in fang.get(path).text and "/account-changes/" not in fang.get("/").text


def test_rejected_with_a_reason_and_withdrawn(ada, fang):
    path = f"/account-changes/{change(ada).id}"
    none = fang.post(f"{path}/rejection", data={"idempotency_key": KEY, "reason": " "})
    assert none.status_code in (409, 422) and AccountChange.waiting()
    done = fang.post(f"{path}/rejection", data={"idempotency_key": KEY, "reason": "not agreed"})
    assert done.status_code == 303 and "not agreed" in ada.get(path).text
    again = f"/account-changes/{change(ada).id}"
    data = {"idempotency_key": f"{KEY}2"}
    assert fang.post(f"{again}/withdrawal", data=data).status_code == 409
    assert ada.post(f"{again}/withdrawal", data=data).status_code == 303
    assert Company.current().bank_account == OLD and AccountChange.waiting() is None


def test_the_portal_and_the_paper_name_the_old_account_until_it_prints(ada, fang, firm, sign_in):
    asked = change(ada)
    before = firm.printed()
    anna = sign_in(firm.anna)
    portal = anna.get(f"/portal/documents/{before.id}").text
    assert OLD in portal and NEW not in portal
    assert NEW not in anna.get("/portal/payments/").text
    fang.post(f"/account-changes/{asked.id}/approval", data={"idempotency_key": KEY})
    assert firm.printed().snapshot["seller"]["bank_account"] == NEW
    assert NEW in anna.get("/portal/payments/").text


def test_one_administrator_alone_sees_when_it_prints_and_without_a_job_it_does(ada, firm, sign_in):
    asked = change(ada)
    page = ada.get("/settings/money").text
    assert "prints from" in page and "All colleagues" in page
    with at(asked.prints_at):
        Session.start(firm.ada)
        anna = sign_in(firm.anna)
        firm.issued()
        assert NEW in anna.get("/portal/payments/").text


def test_other_settings_of_the_same_form_are_saved_at_once(ada, fang):
    sent = {"bank_account": NEW, "phone": "555", "group": "bank"}
    assert ada.post("/settings/money", data=sent).status_code == 303
    firm = Company.current()
    assert (firm.phone, firm.bank_account) == ("555", OLD)
