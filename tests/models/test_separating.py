"""What came to be while two customers were shown as one, after they are separated again."""

import datetime as dt

import pytest

from models.adapters.outbox import Mail
from models.care import Feedback
from models.core import journal
from models.core.clock import at, today
from models.core.errors import Refused
from models.disputes import Dispute
from models.dunning import Hold, remind
from models.operations import checks
from models.receivables.statement import Statement


@pytest.fixture
def invoices(firm):
    """One of each customer, A of Li and B of Chen, which are then merged."""
    made = firm.issued(price="10"), firm.issued(price="20", by=firm.chen, customer=firm.b)
    fresh(firm.b).merge_into(firm.fang, firm.a)
    return made


def fresh(row):
    return type(row).get_by_id(row.id)


def separate(firm):
    fresh(firm.b).separate(firm.fang)


def seen(person, scope):
    return {row.id for row in getattr(fresh(person).sees, scope)()}


def statement(firm):
    made = Statement.make(firm.fang, fresh(firm.a), "CNY", today(), today())
    made.send(firm.fang)
    return made


def test_a_statement_of_both_is_kept_but_no_contact_of_one_sees_it(firm, invoices):
    both = statement(firm)
    assert seen(firm.anna, "statements") == seen(firm.bob, "statements") == {both.id}
    separate(firm)
    assert seen(firm.anna, "statements") == seen(firm.bob, "statements") == set()
    assert seen(firm.fang, "statements") == {both.id} and fresh(both).customer == firm.a
    own = statement(firm)
    assert fresh(both).state == "replaced" and seen(firm.anna, "statements") == {own.id}
    assert journal.verify() == [] and checks.verified() == []


def test_merged_again_the_contacts_see_the_statement_again(firm, invoices):
    both = statement(firm)
    separate(firm)
    fresh(firm.b).merge_into(firm.fang, firm.a)
    assert seen(firm.anna, "statements") == {both.id}


def test_a_statement_of_both_is_mailed_to_nobody_after_the_separation(firm, invoices):
    unsent = Statement.make(firm.fang, fresh(firm.a), "CNY", today(), today())
    separate(firm)
    with pytest.raises(Refused, match="statement_of_both"):
        fresh(unsent).send(firm.fang)
    fresh(firm.b).merge_into(firm.fang, firm.a)
    fresh(unsent).send(firm.fang)
    separate(firm)
    mails = Mail.select().count()
    with pytest.raises(Refused, match="statement_of_both"):
        fresh(unsent).remind(firm.fang)
    assert Mail.select().count() == mails


def test_a_reminder_of_both_is_seen_by_no_contact_of_one(firm, invoices):
    with at(dt.datetime.combine(today() + dt.timedelta(days=60), dt.time(8))):
        both = remind(firm.a.id, "CNY")
        assert seen(firm.anna, "reminders") == {both.id}
        separate(firm)
        assert seen(firm.anna, "reminders") == seen(firm.bob, "reminders") == set()
        assert both.id in seen(firm.fang, "reminders")


def test_a_dispute_follows_the_customer_of_its_document(firm, invoices):
    raised = [
        Dispute.raise_(
            firm.li, customer=fresh(firm.a), document=fresh(paper), reason="price", text="x"
        )
        for paper in invoices
    ]
    Dispute.update(owner=firm.fang).execute()  # who sees it by its customer alone
    a, b = (row.id for row in raised)
    assert seen(firm.li, "disputes") == seen(firm.anna, "disputes") == {a, b}
    separate(firm)
    assert seen(firm.li, "disputes") == seen(firm.anna, "disputes") == {a}
    assert seen(firm.chen, "disputes") == seen(firm.bob, "disputes") == {b}


def test_a_hold_follows_the_customer_of_its_invoice(firm, invoices):
    more = {"reason": "clarifying", "until": today()}
    for paper in invoices:
        Hold.place(firm.fang, fresh(firm.a), invoice=fresh(paper), **more)
    on_all = Hold.place(firm.fang, fresh(firm.a), **more)
    separate(firm)
    of_b = {row.id for row in fresh(firm.chen).sees.holds()}
    assert {fresh(row).customer for row in Hold.select().where(Hold.id.in_(of_b))} == {firm.b}
    assert len(of_b) == 1 and on_all.id in seen(firm.li, "holds")


def test_feedback_goes_with_its_contact(firm, invoices):
    made = Feedback.write(fresh(firm.bob), "praise", "good")
    assert seen(firm.li, "feedback_seen") == {made.id}
    separate(firm)
    assert (seen(firm.li, "feedback_seen"), seen(firm.chen, "feedback_seen")) == (set(), {made.id})


def test_a_dispute_without_a_document_follows_who_raised_it(firm, invoices):
    made = Dispute.raise_(
        fresh(firm.bob), customer=fresh(firm.b), reason="service", text="too slow", owner=firm.fang
    )
    separate(firm)
    assert seen(firm.li, "disputes") == seen(firm.anna, "disputes") == set()
    assert seen(firm.chen, "disputes") == seen(firm.bob, "disputes") == {made.id}
