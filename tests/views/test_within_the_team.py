"""A manager sees and does what is of the own team, and is not even told how much there is of
others: greetings, legal holds, times of approval."""

import datetime as dt

import pytest

from models.adapters.outbox import Mail
from models.archive import LegalHold
from models.care import ContactPlan, Greeting, GreetingBatch, GreetingText, Occasion, greeting
from models.core.clock import at
from models.core.errors import Forbidden, Refused
from models.governance import Finding, Requirement, report
from models.people import Team, User
from tests.firm import KEY
from tests.support.approvals import submitted, task

POST = {"idempotency_key": KEY}


@pytest.fixture
def sun(firm):
    """The manager of the other team, whose customer is B."""
    south = Team.get(Team.name == "South")
    return User.enter(firm.ada, name="孙经理", email="sun@firm.test", roles=["manager"], team=south)


@pytest.fixture
def batch(firm, sun):
    """New Year's greetings to Anna, Amin and Bob, in the week before."""
    Occasion.configure(firm.ada, "new_year", True, 14)
    with at(dt.datetime(2026, 12, 20, 3)):
        (made,) = greeting.prepare()
        yield made


def held(batch):
    return {row.contact.name: row.held for row in batch.greetings}


@pytest.mark.asvs("8.2.2")
def test_each_manager_sees_the_greetings_of_the_own_team(firm, sun, batch, sign_in):
    for who, sees, not_ in ((firm.wang, "anna@a.test", "bob@b.test"), (sun, "bob@b.test", "Anna")):
        page = sign_in(who).get(f"/greetings/{batch.id}").text
        assert sees in page and not_ not in page
    page = sign_in(firm.ada).get(f"/greetings/{batch.id}").text
    assert "anna@a.test" in page and "bob@b.test" in page


def test_the_list_of_those_without_mail_is_that_of_the_team(firm, sun, batch, sign_in):
    Greeting.update(channel="list").execute()
    batch.approve(firm.ada)
    listed = sign_in(sun).get(f"/greetings/{batch.id}/list.csv").text
    assert "Bob" in listed and "Anna" not in listed


def test_an_approval_reaches_no_other_team(firm, sun, batch):
    batch.approve(sun)
    assert held(batch) == {"Anna": "joined", "阿敏": "joined", "Bob": ""}
    GreetingBatch.get_by_id(batch.id).approve(firm.wang)
    assert set(held(batch).values()) == {""}
    assert [e.facts["n"] for e in batch.events if e.action == "approved"] == [1, 2]
    with pytest.raises(Refused, match="state_changed"):
        GreetingBatch.get_by_id(batch.id).approve(sun)


def test_two_managers_at_the_same_moment_take_nothing_back(firm, sun, batch):
    """Each has loaded the batch before the other approves it."""
    one, other = (GreetingBatch.get_by_id(batch.id) for _ in range(2))
    one.approve(firm.wang)
    other.approve(sun)
    assert set(held(batch).values()) == {""}


def test_an_end_and_a_leaving_out_reach_no_other_team(firm, sun, batch):
    anna, bob = (batch.greetings.where(Greeting.contact == c).get() for c in (firm.anna, firm.bob))
    with pytest.raises(Refused, match="nothing_chosen"):
        batch.leave_out(sun, [anna.id])
    batch.leave_out(firm.wang, [anna.id, bob.id])
    assert held(batch) == {"Anna": "left_out", "阿敏": "", "Bob": ""}
    batch.drop(firm.wang)
    assert GreetingBatch.get_by_id(batch.id).state == "proposed"
    assert held(batch) == {"Anna": "left_out", "阿敏": "left_out", "Bob": ""}
    batch.drop(firm.ada)
    assert GreetingBatch.get_by_id(batch.id).state == "dropped"


def test_new_words_are_put_into_the_own_greetings_alone(firm, sun, batch):
    GreetingText.write(firm.ada, "new_year", "en", "Cheers", "Dear {name}")
    GreetingText.write(firm.ada, "new_year", "zh", "新年好", "{name}")
    batch.rewrite(sun)
    subjects = {row.contact.name: row.subject for row in batch.greetings}
    assert subjects == {"Anna": "新年快乐", "阿敏": "新年快乐", "Bob": "Cheers"}


def test_a_batch_without_anyone_of_the_team_is_not_there(firm, sun, batch, sign_in):
    Greeting.delete().where(Greeting.contact == firm.bob).execute()
    browser = sign_in(sun)
    assert f"/greetings/{batch.id}" not in browser.get("/greetings/").text
    assert browser.get(f"/greetings/{batch.id}").status_code == 404
    for act in ("approval", "leaving-out", "words", "end"):
        assert browser.post(f"/greetings/{batch.id}/{act}", data=POST).status_code == 404
    assert browser.get(f"/greetings/{batch.id}/list.csv").status_code == 404


def test_each_is_asked_about_the_own_ones_and_administrators_about_the_rest(firm, sun, batch):
    def asked():
        rows = Mail.select().where(Mail.template == "greetings_wait").order_by(Mail.id)
        return {row.recipient.split("@")[0]: row.context["n"] for row in rows}

    assert asked() == {"wang": 2, "sun": 1}
    Mail.delete().execute()
    Greeting.delete().execute(), GreetingBatch.delete().execute()
    sun.disable(firm.ada)
    greeting.prepare()
    assert asked() == {"wang": 2, "ada": 1}


def test_the_words_that_all_customers_get_are_the_administrators(firm, sign_in):
    browser = sign_in(firm.wang)
    for path in ("occasions", "occasions/birthday", "words/birthday/zh"):
        assert browser.get(f"/greetings/{path}").status_code == 403
    with pytest.raises(Forbidden):
        GreetingText.write(firm.wang, "birthday", "zh", "x", "y")
    with pytest.raises(Forbidden):
        Occasion.configure(firm.wang, "birthday", True, 7)


def holds(firm):
    """Of A, of B's document, and of a search."""
    return [
        LegalHold.place(firm.fang, "甲案", "r", customer=firm.a),
        LegalHold.place(
            firm.fang, "乙案", "r", document=firm.issued(customer=firm.b, by=firm.chen)
        ),
        LegalHold.place(firm.fang, "搜案", "r", query="秘密"),
    ]


@pytest.mark.asvs("8.2.2")
def test_a_manager_sees_and_lifts_the_legal_holds_of_the_team(firm, sun, sign_in):
    of_a, of_b, of_search = holds(firm)
    browser = sign_in(firm.wang)
    page = browser.get("/archive/holds/").text
    assert "甲案" in page and "乙案" not in page and "搜案" not in page and "秘密" not in page
    for hold in (of_b, of_search):
        data = POST | {"reason": "x"}
        assert browser.post(f"/archive/holds/{hold.id}/lifting", data=data).status_code == 404
        with pytest.raises(Forbidden):
            hold.lift(firm.wang, "x")
    of_a.lift(firm.wang, "x")
    assert [h.name for h in sun.sees.legal_holds()] == ["乙案"]
    of_b.lift(sun, "x")
    assert firm.fang.sees.legal_holds().count() == 3


def test_a_manager_places_no_hold_that_tells_what_the_archive_of_others_holds(firm, sign_in):
    browser = sign_in(firm.wang)
    assert 'name="query"' not in browser.get("/archive/holds/").text
    data = POST | {"name": "n", "reason": "r", "query": "INV"}
    assert browser.post("/archive/holds/", data=data).status_code == 403
    for about in ({"query": "INV"}, {"customer": firm.b}):
        with pytest.raises(Forbidden):
            LegalHold.place(firm.wang, "n", "r", **about)
    assert not LegalHold.select().exists()


def test_times_of_approval_tell_a_manager_of_the_own_team(office, sign_in):
    paper = submitted(office)
    task(paper, office.wang).reject(by=office.wang, note="too cheap")
    other = office.draft(price="200", customer=office.b, by=office.chen)
    other.submit(by=office.chen)
    sun = User.enter(
        office.ada, name="孙经理", email="sun@firm.test", roles=["manager"], team=office.chen.team
    )
    page = sign_in(sun).get("/tasks/statistics").text
    assert "too cheap" not in page and office.a.name not in page
    assert other.customer.name in page or "Beta" in page
    assert "too cheap" in sign_in(office.ada).get("/tasks/statistics").text


def test_what_binds_all_teams_is_the_administrators(firm, sign_in):
    """A plan gives work to every salesperson, a requirement pauses rights of every colleague."""
    plan = {"name": "x", "tag": "", "every_days": 30, "kind": "call", "what": "x", "active": True}
    with pytest.raises(Forbidden):
        ContactPlan.define(firm.wang, None, **plan)
    with pytest.raises(Forbidden):
        Requirement.define(firm.wang, "finance", "course-finance", True, 30, 12)
    Requirement.define(firm.ada, "finance", "course-finance", True, 30, 12)
    with pytest.raises(Forbidden):
        Requirement.get().lift(firm.wang)
    ContactPlan.define(firm.ada, None, **plan)
    browser = sign_in(firm.wang)
    page = browser.get("/contact-plans/").text
    assert browser.get("/contact-plans/new").status_code == 403 and "/edit" not in page
    assert "/training/requirements" not in browser.get("/training/everyone").text
    assert "/training/requirements" in sign_in(firm.ada).get("/training/everyone").text


def test_who_read_the_handbook_is_told_of_the_own_team(firm, sign_in):
    page = sign_in(firm.wang).get("/handbook/").text
    assert "李销售" in page and "陈销售" not in page and "方财务" not in page
    assert "陈销售" in sign_in(firm.ada).get("/handbook/").text


def test_why_a_number_was_voided_is_told_of_the_own_team(firm, sign_in):
    for customer, by, why in ((firm.a, firm.li, "甲的原因"), (firm.b, firm.chen, "乙的原因")):
        firm.issued(customer=customer, by=by).void(firm.fang, why)
    for path in ("/numbers/", "/numbers/export.csv"):
        page = sign_in(firm.wang).get(path).text
        assert "甲的原因" in page and "乙的原因" not in page
        assert "乙的原因" in sign_in(firm.zhao).get(path).text


def test_the_monthly_report_counts_what_its_page_shows(firm, sun):
    with at(dt.datetime(2027, 3, 3)):
        Finding.find("tax_id_missing", "A", firm.a, "x", firm.li, 3, False, {})
    with at(dt.datetime(2027, 4, 2, 3)):
        report.mail_monthly()
    mails = Mail.select().where(Mail.template == "inspection")
    assert {m.recipient for m in mails} == {"wang@firm.test", "ada@firm.test"}
