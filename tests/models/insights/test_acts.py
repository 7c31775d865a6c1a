"""Figures lead to acts: who may, who must agree, what is done, and what came of it."""

import datetime as dt

import pytest

from models.adapters import outbox
from models.adapters.outbox import Mail
from models.care import FollowUp, OptOutLink, opt_out
from models.core.clock import at, now, today
from models.core.errors import Forbidden, Refused
from models.customers import Customer
from models.insights import Lens, monthly, proposals
from models.insights.acts import CAUSES, Act
from models.products.price_list import PriceList

PRICES = {"name": "忠诚价", "discount": 500, "days": 30, "category": ""}


def refused(code, act, *args, **kwargs):
    with pytest.raises(Refused) as error:
        act(*args, **kwargs)
    assert error.value.code == code


def begin(firm, kind, options, by=None, customers=None, **more):
    return Act.begin(
        by or firm.li,
        kind,
        "stopped",
        customers or [firm.a],
        "CNY",
        {},
        options,
        base_url="http://x",
        **more,
    )


def test_follow_ups_are_made_at_once_and_tell_their_cause(firm):
    act = begin(
        firm, "tasks", {"what": "问问", "due_on": (today() + dt.timedelta(days=3)).isoformat()}
    )
    task = FollowUp.get()
    assert (task.customer, task.owner, task.what, task.cause) == (
        firm.a,
        firm.li,
        "问问",
        f"act-{act.id}",
    )
    assert [e.action for e in act.events] == ["proposed", "done"] and act.progress() == (
        (0, 1),
        (0, 0),
    )
    task.done(firm.li)
    assert act.progress()[0] == (1, 1)


def test_a_campaign_writes_once_to_each_who_did_not_opt_out(firm):
    opt_out.stop(firm.amin, firm.amin)
    begin(firm, "campaign", {"subject": "新品", "text": "请看"})
    mail = Mail.get()
    assert (mail.recipient, mail.template) == ("anna@a.test", "campaign") and OptOutLink.contact_of(
        mail.context["link"].rpartition("/")[2]
    ) == firm.anna
    opt_out.stop(firm.anna, firm.anna)
    refused("no_recipient", begin, firm, "campaign", {"subject": "新品", "text": "请看"})
    assert Act.select().count() == 1


def test_a_price_list_waits_for_another_and_then_fills_lines(firm, sign_in):
    act = begin(firm, "prices", PRICES)
    assert act.state == "asked" and not PriceList.select().exists() and act.effect() is None
    refused("not_to_decide", act.agree, firm.li)
    refused("not_to_decide", Act.get_by_id(act.id).agree, firm.zhao)
    Act.get_by_id(act.id).agree(firm.wang)
    assert (
        PriceList.discount_for(firm.a, firm.pen) == 500
        and PriceList.discount_for(firm.b, firm.pen) == 0
    )
    assert PriceList.discount_for(firm.a, firm.pen, today() + dt.timedelta(days=31)) == 0
    page = (
        sign_in(firm.li)
        .get(f"/documents/{firm.draft().id}/lines/new?line-code=P1")
        .get_data(as_text=True)
    )
    assert 'name="line-discount" value="5"' in page.replace("  ", " ") or 'value="5"' in page
    refused("not_to_decide", Act.get_by_id(act.id).agree, firm.fang)


def test_other_terms_can_be_declined_with_a_reason_and_change_nothing(firm):
    act = begin(firm, "terms", {"terms_days": 7})
    refused("reason_needed", act.decline, firm.fang, " ")
    Act.get_by_id(act.id).decline(firm.fang, "老客户")
    assert (
        Act.get_by_id(act.id).state == "declined" and Customer.get_by_id(firm.a.id).terms_days == 30
    )
    other = begin(firm, "terms", {"terms_days": 7})
    other.agree(firm.fang)
    assert Customer.get_by_id(firm.a.id).terms_days == 7 and len(PriceList.select()) == 0


def test_nobody_acts_on_customers_they_do_not_see(firm):
    refused(
        "not_yours", begin, firm, "tasks", {"what": "x", "due_on": "2030-01-01"}, customers=[firm.b]
    )
    with pytest.raises(Forbidden):
        begin(firm, "tasks", {}, by=firm.zhao)
    refused("nothing_chosen", Act.begin, firm.li, "tasks", "stopped", [], "CNY", {}, {})


def test_what_came_of_it_is_measured_beside_those_left_alone(firm):
    five = [Customer.enter(firm.li, name=f"客户{i}", code=f"K{i}") for i in range(5)]
    begun = now() - dt.timedelta(days=20)
    with at(begun - dt.timedelta(days=5)):
        for c in five:
            firm.issued(customer=c, price="100")
    with at(begun):
        act = begin(
            firm, "tasks", {"what": "x", "due_on": "2030-01-01"}, customers=five, control=True
        )
    with at(begun + dt.timedelta(days=4)):
        firm.issued(customer=five[0], price="250")
        firm.issued(customer=five[4], price="30")
    came = Act.get_by_id(act.id).effect()
    assert came == (20, 4, 40000, 25000, 1, 10000, 3000) and FollowUp.select().count() == 4


def test_proposals_say_the_numbers_they_rest_on(firm):
    for days in (430, 400, 370):
        with at(now() - dt.timedelta(days=days)):
            firm.issued(price="100")
    with at(now() - dt.timedelta(days=10)):
        firm.issued(price="5", customer=firm.b, by=firm.chen)
    lens = Lens.of(firm.fang)
    stopped = proposals.stopped(lens)
    assert (
        stopped.customers == [(firm.a.id, "北京甲公司", 30000)] and stopped.facts["worth"] == 30000
    )
    weak = proposals.category_that_fell(lens)
    assert weak.facts["lost"] == -30000 and [c[0] for c in weak.customers] == [firm.a.id]
    others = lens.replace(person=firm.chen)
    assert not any(proposals.proposal_for(others, cause) for cause in CAUSES)


def test_the_month_on_one_page_is_made_once_and_mailed_to_the_administrators(firm):
    assert monthly.run_due() is None
    last_month = today().replace(day=1) - dt.timedelta(days=3)
    with at(dt.datetime.combine(last_month, dt.time(4))):
        firm.issued(price="100")
    made = monthly.run_due()
    assert made.month == f"{last_month:%Y-%m}" and made.snapshot["parts"][0]["net"] == 10000
    assert [(m.recipient, m.filename) for m in Mail.select().where(Mail.template == "monthly")] == [
        ("ada@firm.test", f"{made.month}.pdf")
    ]
    assert (
        monthly.run_due() is None and Mail.select().where(Mail.template == "monthly").count() == 1
    )
    assert [e.action for e in made.events] == ["made"]


def test_the_page_is_one_page_in_both_languages_and_has_its_figures(firm):
    import pypdfium2

    for n in range(14):
        with at(now() - dt.timedelta(days=28 * n + 3)):
            firm.issued(price=str(1000 + n))
    said = monthly.content_of((today().replace(day=1) - dt.timedelta(days=1)).replace(day=1))
    for language, word in (("zh", "经营月报"), ("en", "Monthly summary")):
        pdf = pypdfium2.PdfDocument(monthly.render(said, language))
        text = pdf[0].get_textpage().get_text_range()
        assert len(pdf) == 1 and word in text and f"{said['parts'][0]['net'] // 100:,}.00" in text


def test_a_price_list_is_told_to_those_who_want_offers_once_it_is_agreed(firm):
    opt_out.stop(firm.amin, firm.amin)
    act = begin(firm, "prices", {**PRICES, "name": "Loyalty"}, customers=[firm.a])
    seen = Act.preview("prices", [firm.a], act.options, "http://x")
    assert (
        not Mail.select().exists()
        and [c for c, _s, _t in seen] == [firm.anna]
        and "5" in seen[0][2]
        and "…" in seen[0][2]
    )
    act.agree(firm.wang, "http://x")
    mail = Mail.get()
    subject, text, _html = outbox.preview(
        mail.recipient, mail.template, mail.language, mail.context
    )
    assert (mail.recipient, mail.template) == (
        "anna@a.test",
        "price_offer",
    ) and "Loyalty" in subject
    assert (
        mail.context["link"] in text
        and OptOutLink.contact_of(mail.context["link"].rpartition("/")[2]) == firm.anna
    )
    assert (today() + dt.timedelta(days=30)).isoformat() in text and act.progress()[1] == (0, 1)


def test_other_terms_are_told_to_all_even_who_want_no_letters_with_what_was_before(firm):
    opt_out.stop(firm.amin, firm.amin)
    act = begin(firm, "terms", {"terms_days": 7})
    act.agree(firm.fang, "http://x")
    mails = list(Mail.select().order_by(Mail.id))
    assert [(m.recipient, m.template) for m in mails] == [
        ("anna@a.test", "terms_changed"),
        ("amin@a.test", "terms_changed"),
    ]
    assert (
        mails[0].context["before"] == 30
        and mails[0].context["terms"] == 7
        and "link" not in mails[0].context
    )
    begin(firm, "terms", {"terms_days": 9}).decline(firm.fang, "不必")
    assert Mail.select().count() == 2


def test_the_letters_are_seen_before_anything_is_done(firm, sign_in):
    li = sign_in(firm.li)
    data = {
        "kind": "terms",
        "cause": "overdue",
        "currency": "CNY",
        "ids": [str(firm.a.id)],
        "terms_days": "7",
    }
    page = li.post("/insights/acts/preview", data=data).get_data(as_text=True)
    assert "anna@a.test" in page and "30" in page and not Act.select().exists()
    act = begin(firm, "terms", {"terms_days": 7})
    assert "anna@a.test" in sign_in(firm.fang).get(f"/insights/acts/{act.id}").get_data(
        as_text=True
    )
