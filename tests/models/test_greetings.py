"""A batch is laid out, approved by a person, sent on the day with a way out, and held back where it
would hurt."""

import datetime as dt

import pytest

from models.adapters.outbox import Mail
from models.care import (
    Feedback,
    Greeting,
    GreetingBatch,
    GreetingText,
    Occasion,
    OptOutLink,
    greeting,
    lunar,
    opt_out,
)
from models.care.occasion import GREETINGS, TEXTS
from models.core.clock import at
from models.core.errors import Forbidden, Refused
from models.core.placeholders import fill_placeholders
from models.customers import Contact
from models.disputes import Dispute
from models.dunning import Reminded, Reminder
from models.governance import check
from models.operations import checks


def day(text, hour=3):
    return at(dt.datetime.fromisoformat(text) + dt.timedelta(hours=hour))


def letters():
    return [
        (m.recipient, m.context["subject"])
        for m in Mail.select().where(Mail.template == "greeting").order_by(Mail.id)
    ]


@pytest.fixture
def birthday(firm):
    """Anna's birthday is on Wednesday 10 March 2027; its batch is laid out the week before."""
    firm.anna.revise(firm.li, birthday=dt.date(1990, 3, 10))
    Occasion.configure(firm.ada, "birthday", True, 7)
    with day("2027-03-03"):
        batches = greeting.prepare()
        assert greeting.prepare() == []
    assert [(b.occasion, b.first_day) for b in batches] == [("birthday", dt.date(2027, 3, 8))]
    return batches[0]


def test_nothing_goes_without_approval_and_then_once_on_the_day(firm, birthday):
    with day("2027-03-10"):
        assert greeting.send_due("http://x") == 0 and letters() == []
    with day("2027-03-04"):
        with pytest.raises(Forbidden):
            birthday.approve(firm.li)
        birthday.approve(firm.wang)
        assert greeting.send_due("http://x") == 0
    with day("2027-03-10"):
        assert greeting.send_due("http://x") == 1 and greeting.send_due("http://x") == 0
        assert letters() == [("anna@a.test", "生日快乐")] and Greeting.get().years == 37
    with day("2027-03-15"):
        greeting.send_due("http://x")
    assert GreetingBatch.get().state == "sent" and checks.faults() == []
    assert [e.action for e in birthday.events] == ["laid_out", "approved", "greeted", "finished"]


@pytest.mark.parametrize("leap, due", [(False, "2025-07-06"), (True, "2025-08-05")])
def test_a_lunar_birthday_needs_no_year(firm, leap, due):
    """2025 has a sixth month and a leap sixth month."""
    firm.anna.revise(firm.li, lunar_month=6, lunar_day=12, lunar_leap=leap)
    Occasion.configure(firm.ada, "birthday", True, 7)
    with day(due):
        greeting.prepare()
    assert (Greeting.get().day.isoformat(), Greeting.get().years) == (due, None)
    assert "{" not in Greeting.get().text


def test_a_date_beside_the_lunar_birthday_tells_the_age(firm):
    firm.anna.revise(firm.li, birthday=dt.date(1990, 1, 1), lunar_month=6, lunar_day=12)
    Occasion.configure(firm.ada, "birthday", True, 7)
    with day("2026-07-25"):
        greeting.prepare()
    assert (Greeting.get().day, Greeting.get().years) == (lunar.solar(2026, 6, 12), 37)


def test_a_birthday_added_later_joins_the_batch_of_the_week(firm, birthday):
    firm.amin.revise(firm.li, birthday=dt.date(1980, 3, 12))
    with day("2027-03-04"):
        assert greeting.prepare() == [birthday] and greeting.prepare() == []
    assert {(g.contact.name, g.held) for g in birthday.greetings} == {("Anna", ""), ("阿敏", "")}
    assert Mail.select().where(Mail.template == "greetings_wait").count() == 1


def test_who_joins_after_the_approval_waits_for_another(firm, birthday):
    with day("2027-03-04"):
        birthday.approve(firm.wang)
    firm.amin.revise(firm.li, birthday=dt.date(1980, 3, 10))
    with day("2027-03-10"):
        assert greeting.prepare() == [birthday] and greeting.prepare() == []
        assert greeting.send_due("http://x") == 1 and letters() == [("anna@a.test", "生日快乐")]
        assert Mail.select().where(Mail.template == "greetings_wait").count() == 2
        GreetingBatch.get().approve(firm.wang)
        with pytest.raises(Refused, match="state_changed"):
            GreetingBatch.get().approve(firm.wang)
        assert greeting.send_due("http://x") == 1 and letters()[1:] == [("amin@a.test", "生日快乐")]
    assert checks.faults() == []


def test_the_page_offers_to_approve_those_who_joined(firm, birthday, sign_in):
    birthday.approve(firm.wang)
    page, offer = f"/greetings/{birthday.id}", "Approve those waiting"
    assert offer not in sign_in(firm.wang).get(page).text
    firm.amin.revise(firm.li, birthday=dt.date(1980, 3, 10))
    with day("2027-03-10"):
        greeting.prepare()
        assert offer in sign_in(firm.wang).get(page).text
        assert offer not in sign_in(firm.li).get(page).text


def test_nobody_joins_greetings_that_were_dropped(firm, birthday):
    birthday.drop(firm.wang)
    firm.amin.revise(firm.li, birthday=dt.date(1980, 3, 12))
    with day("2027-03-10"):
        assert greeting.prepare() == [] and birthday.greetings.count() == 1


def test_a_contact_added_before_a_feast_joins_its_batch(firm):
    Occasion.configure(firm.ada, "mid_autumn", True, 7)
    with day("2027-09-09"):
        batch = greeting.prepare()[0]
        new = firm.a.add_contact(firm.li, name="New", email="new@a.test")
        assert greeting.prepare() == [batch]
    assert batch.greetings.where(Greeting.contact == new).count() == 1


def test_a_lunar_birthday_falls_on_its_day(firm):
    born = dt.date(1990, 3, 10)
    firm.anna.revise(firm.li, birthday=born, birthday_lunar=True)
    Occasion.configure(firm.ada, "birthday", True, 7)
    due = lunar.lunar_birthday(born, 2027)
    with day(due.isoformat()):
        greeting.prepare()
        assert Greeting.get().day == due and due != dt.date(2027, 3, 10)


def test_feasts_and_anniversaries_reach_whom_they_concern_in_their_language(firm):
    for key in ("spring_festival", "first_order", "company_day"):
        Occasion.configure(firm.ada, key, True, 7)
    with day("2026-02-03"):
        firm.issued("order", price="10")
    firm.b.revise(firm.chen, founded_on=dt.date(2007, 2, 5))
    with day("2027-01-30"):
        greeting.prepare()
    rows = {(g.batch.occasion, g.contact.name): g for g in Greeting.select()}
    assert set(rows) == {
        ("spring_festival", "Anna"),
        ("spring_festival", "阿敏"),
        ("spring_festival", "Bob"),
        ("first_order", "Anna"),
        ("company_day", "Bob"),
    }
    assert rows["spring_festival", "Bob"].subject == "Happy Spring Festival" and rows[
        "spring_festival", "Anna"
    ].day == dt.date(2027, 2, 6)
    assert (
        rows["company_day", "Bob"].subject == "20 years of Beta Ltd"
        and "满1年" in rows["first_order", "Anna"].text
    )


def test_after_an_approved_birthday_the_way_out_works_by_its_secret(firm, birthday):
    birthday.approve(firm.wang)
    with day("2027-03-10"):
        greeting.send_due("http://x")
    secret = Mail.get(Mail.template == "greeting").context["opt_out"].rsplit("/", 1)[1]
    assert OptOutLink.contact_of(secret) == firm.anna and OptOutLink.contact_of("x") is None
    opt_out.stop(Contact.get_by_id(firm.anna.id), firm.anna)
    Occasion.configure(firm.ada, "new_year", True, 7)
    with day("2027-12-28"):
        greeting.prepare()
    assert "Anna" not in [
        g.contact.name
        for g in Greeting.select().join(GreetingBatch).where(GreetingBatch.occasion == "new_year")
    ]


@pytest.mark.parametrize(
    "why", ["final_reminder", "open_complaint", "disputed", "opted_out", "left"]
)
def test_it_is_held_back_on_the_day_when_it_would_hurt(firm, birthday, why):
    birthday.approve(firm.wang)
    with day("2027-03-09"):
        if why == "final_reminder":
            invoice = firm.issued(price="10")
            letter = Reminder.create(
                number="R1",
                customer=firm.a,
                currency="CNY",
                day=dt.date(2027, 3, 5),
                snapshot={},
                total=1,
                pdf_sha256="x",
            )
            Reminded.create(reminder=letter, invoice=invoice, days=30)
        elif why == "disputed":
            Dispute.raise_(
                firm.anna,
                customer=firm.a,
                document=firm.issued(price="10"),
                reason="price",
                text="贵了",
            )
        elif why == "open_complaint":
            Feedback.write(firm.anna, "complaint", "少发一箱")
        elif why == "opted_out":
            opt_out.stop(firm.anna, firm.li)
        else:
            firm.anna.disable(firm.li)
    with day("2027-03-10"):
        assert greeting.send_due("http://x") == 0 and letters() == [] and Greeting.get().held == why


def test_an_earlier_reminder_does_not_hold_it_back(firm, birthday):
    birthday.approve(firm.wang)
    invoice = firm.issued(price="10")
    for when, days in ((dt.date(2027, 3, 5), 14), (dt.date(2027, 3, 2), 30)):
        letter = Reminder.create(
            number=f"R{days}",
            customer=firm.a,
            currency="CNY",
            day=when,
            snapshot={},
            total=1,
            pdf_sha256="x",
        )
        Reminded.create(reminder=letter, invoice=invoice, days=days)
    with day("2027-03-10"):
        assert greeting.send_due("http://x") == 1


def test_what_was_left_out_or_is_too_late_does_not_go(firm, birthday):
    with pytest.raises(Refused, match="nothing_chosen"):
        birthday.leave_out(firm.wang, [99])
    birthday.leave_out(firm.wang, [Greeting.get().id])
    with pytest.raises(Refused, match="batch_empty"):
        birthday.approve(firm.wang)
    Greeting.update(held="").execute()
    birthday.approve(firm.wang)
    with day("2027-03-13"):
        assert greeting.send_due("http://x") == 0 and Greeting.get().held == "too_late"


def test_who_has_no_mail_stands_on_the_list(firm):
    firm.anna.revise(firm.li, birthday=dt.date(1990, 3, 10), email="", phone="138")
    Occasion.configure(firm.ada, "birthday", True, 7)
    with day("2027-03-03"):
        batch = greeting.prepare()[0]
        batch.approve(firm.wang)
    with day("2027-03-10"):
        assert greeting.send_due() == 0
    assert (Greeting.get().channel, Greeting.get().held) == ("list", "")


@pytest.mark.asvs("1.3.7", "1.3.10")
def test_the_firms_own_words_are_used_and_braces_stay_harmless(firm, birthday):
    GreetingText.write(firm.ada, "birthday", "zh", "{name}生日快乐", "{name} {firm}")
    saved_earlier = "{name} {0} {customer.owner.password} {firm}"  # such texts were not refused
    GreetingText.update(text=saved_earlier).execute()
    birthday.rewrite(firm.wang)
    assert (
        Greeting.get().subject == "Anna生日快乐"
        and Greeting.get().text == "Anna {0} {customer.owner.password} 华信商贸"
    )


def test_a_batch_nobody_approved_is_found(firm, birthday):
    with day("2027-03-07"):
        assert "batch_waits" in {f.rule for f in check.run()}


# A year in which each occasion falls on a day of its own: (the day, the years that are told).
DAYS = {
    "new_year": ("2027-01-01", None),
    "spring_festival": ("2027-02-06", None),
    "dragon_boat": ("2027-06-09", None),
    "mid_autumn": ("2027-09-15", None),
    "birthday": ("2027-03-10", 37),
    "company_day": ("2027-04-20", 20),
    "first_order": ("2027-05-18", 2),
}


@pytest.mark.parametrize("occasion", GREETINGS)
def test_every_occasion_is_laid_out_approved_and_received_on_its_day_in_the_readers_language(
    firm, occasion
):
    when, years = DAYS[occasion]
    firm.anna.revise(firm.li, birthday=dt.date(1990, 3, 10), language="zh")
    firm.amin.revise(firm.li, language="en", sees_company=True, birthday=dt.date(1990, 3, 10))
    firm.a.revise(firm.li, founded_on=dt.date(2007, 4, 20))
    with day("2025-05-18"):
        firm.issued("order", price="10")
    Occasion.configure(firm.ada, occasion, True, 14)
    with at(dt.datetime.fromisoformat(when) - dt.timedelta(days=8)):
        made = [
            b
            for b in greeting.prepare()
            if b.first_day <= dt.date.fromisoformat(when) <= b.last_day
        ]
        assert len(made) == 1 and made[0].occasion == occasion and greeting.prepare() == []
        made[0].approve(firm.wang)
        assert greeting.send_due("http://x") == 0
    with day(when):
        greeting.send_due("http://x"), greeting.send_due("http://x")
    sent = {
        m.recipient: m.context["subject"]
        for m in Mail.select().where(
            Mail.template == "greeting", Mail.recipient.in_(("anna@a.test", "amin@a.test"))
        )
    }
    facts = {"years": years, "customer": firm.a.name}
    assert sent == {
        mail: fill_placeholders(TEXTS[occasion, language][0], facts)
        for mail, language in (("anna@a.test", "zh"), ("amin@a.test", "en"))
    }
    assert {
        g.day for g in Greeting.select().join(Contact).where(Contact.customer == firm.a.id)
    } == {dt.date.fromisoformat(when)} and set(DAYS) == set(GREETINGS)
