"""After a delivery the customer is asked once; low scores become complaints that someone answers;
NPS is whole numbers."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.adapters.outbox import Mail
from models.care import Feedback, FollowUp, Occasion, Survey, feedback, opt_out
from models.core.clock import at, now, today
from models.core.errors import Forbidden, Refused
from models.operations import checks


@pytest.fixture
def asked(firm):
    """Anna confirmed a delivery and was asked two days later."""
    Occasion.configure(firm.ada, "survey", True)
    firm.issued("delivery_note", price="10").confirm(firm.anna, "Anna")
    with at(now() + dt.timedelta(days=2)):
        made = feedback.ask_after_deliveries("http://x")
        assert feedback.ask_after_deliveries("http://x") == []
    assert [s.contact for s in made] == [firm.anna]
    return made[0]


def test_the_question_comes_once_and_its_secret_is_only_in_the_mail(firm, asked):
    mail = Mail.get(Mail.template == "survey")
    secret = mail.context["survey"].rsplit("/", 1)[1]
    assert Survey.of(secret) == asked and secret not in str(asked.__data__)
    with at(now() + dt.timedelta(days=70)):
        assert Survey.of(secret) is None


def test_nobody_is_asked_twice_in_three_months_nor_after_no_more_greetings(firm, asked):
    assert Survey.ask(firm.anna, "dispute", "dispute-1") is None
    with at(now() + dt.timedelta(days=95)):
        opt_out.stop(firm.anna, firm.anna)
        assert Survey.ask(firm.anna, "dispute", "dispute-1") is None


def test_a_low_score_becomes_a_complaint_and_a_follow_up(firm, asked):
    asked.answer(3, "少发一箱")
    row, owed = Feedback.get(), FollowUp.get()
    assert (row.kind, row.text, row.survey) == ("complaint", "少发一箱", asked)
    assert (owed.owner, owed.due_on, owed.cause) == (
        firm.li,
        today() + dt.timedelta(days=2),
        f"feedback-{row.id}",
    )
    with pytest.raises(Refused, match="already_answered"):
        asked.answer(10)
    with pytest.raises(Refused, match="answer_first"):
        row.close(firm.wang)
    row.answer(firm.li, "今天补发")
    assert Mail.get(Mail.template == "feedback_answered").recipient == "anna@a.test"
    with pytest.raises(Forbidden):
        row.close(firm.li)
    row.close(firm.wang, "已补发")
    assert [e.action for e in row.events] == [
        "written",
        "replied",
        "closed",
    ] and checks.faults() == []


def test_praise_without_words_makes_no_work_and_with_words_is_kept(firm, asked):
    asked.answer(9)
    assert not Feedback.select().exists() and not FollowUp.select().exists()
    Feedback.write(firm.anna, "praise", "很快")
    assert Feedback.get().state == "open" and not FollowUp.select().exists()
    for kind, text in (("party", "x"), ("idea", " ")):
        with pytest.raises(Refused):
            Feedback.write(firm.anna, kind, text)


def test_scores_outside_the_scale_are_refused(firm, asked):
    for score in (-1, 11):
        with pytest.raises(Refused):
            asked.answer(score)
    assert Survey.get().score is None


@pytest.mark.parametrize(
    "scores, value",
    [
        ([], None),
        ([10], 100),
        ([0], -100),
        ([9, 8, 7, 6], 0),
        ([10, 10, 3], 33),
        ([10, 3, 3], -33),
        ([9] * 2 + [8] * 6, 25),
        ([9] + [7] * 7, 13),
        ([2] + [7] * 7, -12),
    ],
)
def test_nps_in_whole_percent_rounded_half_up(scores, value):
    assert feedback.nps(scores) == value


@given(st.lists(st.integers(0, 10), min_size=1, max_size=60))
def test_nps_stays_in_its_bounds_and_between_all_and_none(scores):
    value = feedback.nps(scores)
    assert -100 <= value <= 100 and feedback.nps(scores + [10]) >= value >= feedback.nps(
        scores + [0]
    )


def test_answers_are_counted_by_month_in_the_firms_zone(firm, asked):
    with at(dt.datetime(2027, 1, 31, 17)):  # already February in Shanghai
        asked.answer(10)
    rows = feedback.by_month(Survey.answered(), dt.date(2027, 2, 1))
    assert (
        rows[-1] == (dt.date(2027, 2, 1), 100, 1, 1, 0) and rows[-2][1] is None and len(rows) == 12
    )


def test_a_settled_dispute_is_asked_about_once_unless_it_was_rated(firm):
    from models.disputes import Dispute

    Occasion.configure(firm.ada, "survey", True)

    def settled(contact, customer, owner, **rating):
        row = Dispute.raise_(
            contact,
            customer=customer,
            document=firm.issued(price="10", customer=customer, by=owner),
            reason="price",
            text="贵了",
        )
        row.explain(owner, "按合同")
        Dispute.get_by_id(row.id).agree(contact, **rating)
        return row

    asked_about = settled(firm.anna, firm.a, firm.li)
    settled(firm.bob, firm.b, firm.chen, rating=5, text="好")
    still_open = Dispute.raise_(
        firm.amin,
        customer=firm.a,
        document=firm.issued(price="10", contact=firm.amin),
        reason="price",
        text="贵了",
    )
    made = feedback.ask_after_disputes("http://x")
    assert [(s.contact, s.cause, s.key) for s in made] == [
        (firm.anna, "dispute", f"dispute-{asked_about.id}")
    ] and still_open.state == "open"
    assert feedback.ask_after_disputes("http://x") == [] and [
        m.recipient for m in Mail.select().where(Mail.template == "survey")
    ] == ["anna@a.test"]
    with at(now() + dt.timedelta(days=100)):
        assert feedback.ask_after_disputes("http://x") == []  # settled too long ago to ask


def test_nothing_is_asked_of_a_firm_that_keeps_no_surveys(firm):
    firm.issued("delivery_note", price="10").confirm(firm.anna, "Anna")
    with at(now() + dt.timedelta(days=2)):
        assert (
            feedback.ask_after_deliveries("http://x") == []
            and not Mail.select().where(Mail.template == "survey").exists()
        )
