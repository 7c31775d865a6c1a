"""Pages of training, handbook, greetings and surveys: who sees what, and what a look leaves
unchanged."""

import datetime as dt
import secrets

import pytest

from models.adapters.outbox import Mail
from models.care import CalendarFeed, Feedback, FollowUp, Occasion, OptOutLink, Survey, greeting
from models.core.clock import at, now, today
from models.customers import Contact
from models.governance import Finding, HouseText, Training, check, course


def post(browser, path, **data):
    return browser.post(path, data={"idempotency_key": secrets.token_urlsafe(18), **data})


@pytest.mark.parametrize(
    "who, code",
    [("li", 200), ("wang", 200), ("ada", 200), ("chen", 404), ("fang", 404), ("anna", 404)],
)
def test_a_course_is_seen_by_who_takes_it_and_who_leads(firm, sign_in, who, code):
    row = Training.assign(firm.wang, firm.li, "course-sales", today())
    browser = sign_in(getattr(firm, who))
    assert browser.get(f"/training/{row.id}").status_code == code
    if who not in ("li", "anna"):
        given = {
            f"question-{i}": str(q.right)
            for i, q in enumerate(course.course("course-sales", "en").questions)
        }
        assert (
            post(browser, f"/training/{row.id}/quiz", **given).status_code in (404, 409)
            and Training.get().state == "assigned"
        )


def test_an_unanswered_quiz_comes_back_with_what_was_chosen(firm, sign_in):
    row = Training.assign(firm.wang, firm.li, "course-sales", today())
    answer = post(sign_in(firm.li), f"/training/{row.id}/quiz", **{"question-1": "0"})
    assert (
        answer.status_code == 422
        and 'name="question-1" value="0" required checked' in answer.text
        and Training.get().tries == 0
    )


def test_the_certificate_is_there_only_after_passing(firm, sign_in):
    row, browser = Training.assign(firm.wang, firm.li, "course-sales", today()), sign_in(firm.li)
    assert browser.get(f"/training/{row.id}/certificate.pdf").status_code == 404
    row.answer(
        firm.li, {i: q.right for i, q in enumerate(course.course("course-sales", "en").questions)}
    )
    assert browser.get(f"/training/{row.id}/certificate.pdf").data[:4] == b"%PDF"


def test_the_handbook_is_edited_by_two_in_turn_and_shows_what_changed(firm, sign_in):
    browser, form = (
        sign_in(firm.wang),
        {
            "language": "en",
            "after": "0",
            "title": "Making",
            "text": "Read it three times",
            "reason": "errors",
        },
    )
    assert browser.post("/handbook/03-making/edit", data=form).status_code == 303
    assert (
        browser.post("/handbook/03-making/edit", data={**form, "text": "Mine"}).status_code == 422
        and HouseText.select().count() == 1
    )
    assert "+Read it three times" in browser.get("/handbook/03-making/versions").text
    assert browser.post("/handbook/course-sales/edit", data=form).status_code == 422
    assert sign_in(firm.li).post("/handbook/03-making/edit", data=form).status_code == 403


def test_a_mail_scanner_that_follows_the_link_changes_nothing(firm, client):
    path = f"/no-more-greetings/{OptOutLink.make(firm.anna)}"
    for method in ("GET", "HEAD"):
        assert client.open(path, method=method).status_code == 200
    assert Contact.get_by_id(firm.anna.id).greetings_off_at is None
    assert client.post(path).status_code == 200 and Contact.get_by_id(firm.anna.id).greetings_off_at
    assert (
        client.post("/no-more-greetings/x").status_code
        == client.get("/no-more-greetings/x").status_code
        == 404
    )


def test_only_the_posting_way_out_goes_without_a_form_token(firm, app, client):
    app.config["WTF_CSRF_ENABLED"] = True
    Survey.ask(firm.anna, "dispute", "d1")
    secret = Mail.get(Mail.template == "survey").context["survey"].rsplit("/", 1)[1]
    assert (
        client.post(f"/survey/{secret}", data={"score": "9"}).status_code == 400
        and Survey.get().score is None
    )
    assert client.post(f"/no-more-greetings/{OptOutLink.make(firm.anna)}").status_code == 200


def test_who_chooses_another_language_on_the_page_of_a_link_gets_it(firm, client):
    Survey.ask(firm.anna, "dispute", "d1")
    links = (
        f"/no-more-greetings/{OptOutLink.make(firm.anna)}",
        "/survey/" + Mail.get(Mail.template == "survey").context["survey"].rsplit("/", 1)[1],
    )
    for link, said in zip(links, ("不再接收问候", "推荐"), strict=True):
        assert said in client.get(link).text
    client.set_cookie("language", "en")
    for link, said in zip(links, ("No more greetings", "recommend us"), strict=True):
        page = client.get(link).text
        assert said in page and 'value="en" lang="en" aria-current="true"' in page


def test_a_survey_is_answered_once_in_the_readers_language(firm, client):
    Survey.ask(firm.anna, "dispute", "d1")
    path = "/survey/" + Mail.get(Mail.template == "survey").context["survey"].rsplit("/", 1)[1]
    assert "推荐" in client.get(path + "?score=9").text and Survey.get().score is None
    assert client.post(path, data={"score": "11"}).status_code == 409
    assert (
        client.post(path, data={"score": "4", "comment": "慢"}).status_code == 303
        and Feedback.get().kind == "complaint"
    )
    assert client.post(path, data={"score": "10"}).status_code == 409 and Survey.get().score == 4


def test_a_contact_answers_only_their_own_survey_in_the_portal(firm, sign_in):
    row = Survey.ask(firm.anna, "dispute", "d1")
    assert (
        post(sign_in(firm.bob), f"/portal/feedback/surveys/{row.id}", score="1").status_code == 404
    )
    assert (
        post(sign_in(firm.anna), f"/portal/feedback/surveys/{row.id}", score="10").status_code
        == 303
        and Survey.get().score == 10
    )
    assert (
        post(sign_in(firm.anna), "/portal/feedback/greetings").status_code == 303
        and Contact.get_by_id(firm.anna.id).greetings_off_at
    )


def test_the_list_for_wechat_holds_those_without_mail_and_only_after_approval(firm, sign_in):
    firm.anna.revise(firm.li, birthday=today().replace(year=1988), email="", phone="+138")
    Occasion.configure(firm.ada, "birthday", True, 7)
    batch, browser = greeting.prepare()[0], sign_in(firm.wang)
    assert browser.get(f"/greetings/{batch.id}/list.csv").status_code == 409
    assert post(browser, f"/greetings/{batch.id}/approval").status_code == 303
    assert "生日快乐" in browser.get(f"/greetings/{batch.id}/list.csv").data.decode("utf-8-sig")
    Feedback.write(firm.amin, "complaint", "少发一箱")
    assert "生日快乐" not in browser.get(f"/greetings/{batch.id}/list.csv").data.decode(
        "utf-8-sig"
    )  # not while a complaint of theirs is open
    assert sign_in(firm.li).get(f"/greetings/{batch.id}").status_code == 404


@pytest.mark.asvs("14.2.1")
def test_the_calendar_feed_is_read_by_its_password_in_a_header_alone(firm, client):
    FollowUp.plan(firm.li, firm.a, "看样", today())
    secret = CalendarFeed.make(firm.li)
    answer = client.get("/follow-ups/feed.ics", auth=(firm.li.email, secret))
    assert answer.mimetype == "text/calendar" and "看样" in answer.text
    for path, more in (
        ("/follow-ups/feed.ics", {}),
        ("/follow-ups/feed.ics", {"auth": (firm.li.email, "x")}),
        ("/follow-ups/feed.ics", {"headers": {"Authorization": f"Bearer {secret}"}}),
        (f"/follow-ups/feed.ics?password={secret}", {}),
    ):
        refused = client.get(path, **more)
        assert refused.status_code == 401 and "Basic" in refused.headers["WWW-Authenticate"]


def test_the_inspection_report_shows_the_trend_by_check_and_by_person(firm, sign_in):
    from models.governance import check

    firm.draft()
    with at(now() + dt.timedelta(days=15)):
        check.run()
    page = (
        sign_in(firm.wang)
        .get(f"/findings/report?month={now() + dt.timedelta(days=15):%Y-%m}")
        .get_data(as_text=True)
    )
    by_check, by_person = page.split("Trend by check: findings per month")[1].split(
        "Trend by owner: findings per month"
    )
    assert (
        "李销售" in by_person
        and "李销售" not in by_check
        and 'aria-label="0, 0, 0, 0, 0, 1"' in by_person
    )


def test_a_refusal_leads_back_to_where_its_form_stood(firm, sign_in):
    check.run()
    finding = Finding.open().first()
    browser = sign_in(firm.ada)
    answer = post(browser, f"/findings/{finding.id}/closing")
    assert answer.status_code in (409, 422) and f'href="/findings/{finding.id}"' in answer.get_data(
        as_text=True
    )
