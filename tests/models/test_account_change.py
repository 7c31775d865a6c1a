"""A changed bank account prints when a second person approved it, or after a day where nobody else
may; the first one of a new firm at once."""

import datetime as dt

import pytest

from models import payment_details
from models.account_change import WAIT, AccountChange
from models.adapters.outbox import Mail
from models.company import Company
from models.core.clock import at, now
from models.core.errors import Forbidden, Refused
from models.people import Session

IBAN = "DE89370400440532013000"
OLD, NEW = "6222 0000 0001", "6222 9999 9999"
MINUTE = dt.timedelta(minutes=1)


def fails(code, verb, *args, **more):
    with pytest.raises(Refused) as error:
        verb(*args, **more)
    assert error.value.code == code


def revise(by, **data):
    settings = data.pop("settings", None)
    return Company.current().revise(by, settings=settings, **data)


def printed(currency="CNY"):
    return payment_details.account_of(Company.current(), currency, "zh")["bank_account"]


@pytest.fixture
def ours(firm):
    """A firm that has an account; Ada has been there, Fang of finance too."""
    revise(firm.ada, bank_name="ICBC", bank_account=OLD)
    Session.start(firm.ada)
    Session.start(firm.fang)
    return firm


@pytest.fixture
def alone(firm):
    """The same, but nobody else who could decide has ever signed in."""
    revise(firm.ada, bank_name="ICBC", bank_account=OLD)
    Session.start(firm.ada)
    return firm


def test_the_first_account_waits_for_nobody(firm):
    assert revise(firm.ada, bank_name="ICBC", bank_account=OLD) is None
    assert printed() == OLD and not AccountChange.select().exists()


def test_a_changed_account_prints_only_when_a_second_person_approved_it(ours):
    change = revise(ours.ada, bank_account=NEW, phone="1")
    assert printed() == OLD and Company.current().phone == "1"
    assert change.was == {"bank_account": OLD} and change.values == {"bank_account": NEW}
    assert change.prints_at is None and AccountChange.waits_for(ours.fang) == change
    with at(now() + 3 * WAIT):
        AccountChange.run()
        assert printed() == OLD
    change.approve(by=ours.fang)
    assert printed() == NEW and AccountChange.waiting() is None
    assert [event.action for event in change.events] == ["asked", "approved"]
    assert Company.current().events[-1].actor_name == ours.fang.name


@pytest.mark.parametrize(
    "data, currency, was, new",
    [
        (
            {"settings": {"iban": "DE89370400440532013000"}},
            "EUR",
            "",
            "DE89 3704 0044 0532 0130 00",
        ),
        ({"settings": {"accounts": {"USD": {"bank_account": "77"}}}}, "USD", "", "77"),
        ({"bank_account": ""}, "CNY", OLD, ""),
    ],
)
def test_a_new_and_a_deleted_account_wait_too(ours, data, currency, was, new):
    change = revise(ours.ada, **data)
    assert printed(currency) == was
    change.approve(by=ours.fang)
    assert printed(currency) == new


@pytest.mark.parametrize("name", ["payment_link", "bic", "bank_name", "bank_branch_en"])
def test_all_that_tells_where_to_pay_waits(ours, name):
    new = "https://pay.test/{number}"
    data = {name: new} if name.startswith("bank") else {"settings": {name: new}}
    before = Company.current().accounts()
    assert revise(ours.ada, **data).values == {name: new}
    assert Company.current().accounts() == before


def test_what_was_issued_meanwhile_names_the_old_account(ours):
    revise(ours.ada, bank_account=NEW)
    assert ours.issued().snapshot["seller"]["bank_account"] == OLD


def test_nobody_decides_about_their_own_and_sales_about_none(ours):
    ours.ada.revise(ours.ada, roles=["admin", "finance"])
    change = revise(ours.ada, bank_account=NEW)
    fails("account_change_own", change.approve, by=ours.ada)
    fails("account_change_own", change.reject, by=ours.ada, reason="x")
    for who in (ours.li, ours.wang):
        with pytest.raises(Forbidden):
            change.approve(by=who)
    assert AccountChange.waits_for(ours.ada) is None and AccountChange.waits_for(ours.li) is None
    assert printed() == OLD


def test_who_came_after_it_was_asked_for_may_only_reject(ours):
    change = revise(ours.ada, bank_account=NEW)
    ours.zhao.revise(ours.ada, roles=["finance"])
    with at(now() + MINUTE):
        Session.start(ours.zhao)
        fails("account_change_newcomer", change.approve, by=ours.zhao)
        change.reject(by=ours.zhao, reason="not agreed")
    assert printed() == OLD and AccountChange.get().state == "rejected"


def test_rejecting_takes_a_reason_and_withdrawing_is_for_who_asked(ours):
    change = revise(ours.ada, bank_account=NEW)
    fails("reason_needed", change.reject, by=ours.fang, reason=" ")
    fails("account_change_of_other", change.withdraw, by=ours.fang)
    change.withdraw(by=ours.ada)
    assert printed() == OLD and AccountChange.waiting() is None
    fails("state_changed", AccountChange.get().approve, by=ours.fang)


def test_where_nobody_else_may_decide_it_prints_after_a_day_without_a_job(alone):
    asked = now()
    change = revise(alone.ada, bank_account=NEW)
    assert change.prints_at - asked >= WAIT
    with at(change.prints_at - dt.timedelta(seconds=1)):
        AccountChange.run()
        assert printed() == OLD
    with at(change.prints_at):
        assert printed() == NEW  # no job ran
        revise(alone.ada, phone="7")
        changed = [e for e in Company.current().events if "phone" in e.facts.get("changed", ())]
        assert [e.facts["changed"] for e in changed] == [["phone"]]
        AccountChange.run()
        assert printed() == NEW and AccountChange.get().state == "printed"
        assert Company.current().accounts_from is None
        fails("state_changed", AccountChange.get().withdraw, by=alone.ada)


def test_what_is_printed_already_is_not_taken_back_by_a_late_decision(alone):
    change = revise(alone.ada, bank_account=NEW)
    with at(change.prints_at + MINUTE):
        fails("state_changed", change.withdraw, by=alone.ada)
        assert printed() == NEW


def test_the_announced_change_is_withdrawn(alone):
    change = revise(alone.ada, bank_account=NEW)
    change.withdraw(by=alone.ada)
    with at(change.prints_at + MINUTE):
        AccountChange.run()
        assert printed() == OLD


def test_when_the_last_who_may_decide_leaves_the_day_begins(ours):
    change = revise(ours.ada, bank_account=NEW)
    ours.fang.disable(by=ours.ada)
    with at(now() + MINUTE):
        AccountChange.run()
        until = AccountChange.get_by_id(change.id).prints_at
        assert until == now() + WAIT and printed() == OLD
        assert change.events[-1].action == "announced"
    with at(until):
        assert printed() == NEW


def test_a_further_change_joins_the_waiting_one_and_another_person_waits(ours):
    ours.zhao.revise(ours.ada, roles=["admin"])
    first = revise(ours.ada, bank_account=NEW)
    both = revise(ours.ada, settings={"accounts": {"USD": {"bank_account": "77"}}})
    assert both.values == {"bank_account": NEW, "accounts.USD": {"bank_account": "77"}}
    assert AccountChange.get_by_id(first.id).state == "replaced"
    fails("account_change_waits", revise, ours.zhao, bank_account="other")
    assert revise(ours.ada, bank_account=OLD) is None and AccountChange.waiting() == both


def test_mails_go_to_who_decides_or_else_to_all_staff(alone):
    revise(alone.ada, bank_account=NEW)
    told = {mail.recipient for mail in Mail.select().where(Mail.template == "notice")}
    assert told == {f"{name}@firm.test" for name in ("ada", "wang", "li", "chen", "fang", "zhao")}
    Mail.delete().execute()
    Session.start(alone.fang)
    AccountChange.get().withdraw(by=alone.ada)
    with at(now() + MINUTE):
        revise(alone.ada, bank_account=NEW)
    told = {m.recipient for m in Mail.select() if m.context["told"]["action"] == "asked"}
    assert told == {"ada@firm.test", "fang@firm.test"}
