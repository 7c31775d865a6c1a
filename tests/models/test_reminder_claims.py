"""A reminder claims no letter that was not sent, and says what follows."""

import datetime as dt

from models import dunning
from models.core.clock import at, now, today
from models.dunning import ReminderLevel


def later(days):
    return at(now() + dt.timedelta(days=days))


def test_each_invoice_tells_how_often_it_was_reminded(firm):
    old = firm.issued(price="1000", terms_days=0)
    for days in (1, 7):
        with later(days):
            dunning.run_due()
    with later(8):
        fresh = firm.issued(price="500", terms_days=0)
    with later(14):
        (letter,) = dunning.run_due()
    assert letter.level.days == 14
    told = {i["number"]: i["reminded"] for i in letter.snapshot["items"]}
    assert told == {old.number: 2, fresh.number: 0}


def test_no_text_claims_letters_about_all_that_it_lists(firm):
    for level in ReminderLevel.ladder():
        words = level.text_en + level.title_en
        assert "several reminders" not in words and "reminded you before" not in words
        assert "多次提醒" not in level.text_zh and "此前我们已致函" not in level.text_zh


def test_the_first_letter_of_an_old_invoice_is_level_one_and_says_what_follows(firm, sign_in):
    firm.issued(price="1000", terms_days=0)
    with later(60):
        page = sign_in(firm.fang).get("/reminders/run").text
        (letter,) = dunning.run_due()
        follows = today() + dt.timedelta(days=6)
    assert letter.level.days == 1
    assert letter.snapshot["next_on"] == follows.isoformat()
    assert letter.snapshot["next_title"] and follows.isoformat() in page


def test_what_follows_comes_after_the_day_to_pay_by(firm):
    firm.issued(price="1000", terms_days=0)
    for days in (60, 67, 75, 92):
        with later(days):
            (letter,) = dunning.run_due()
        pay_by, next_on = letter.snapshot["pay_by"], letter.snapshot["next_on"]
        assert next_on == "" or pay_by < next_on
        assert "seven days" not in letter.level.text_en and "7 日" not in letter.level.text_zh
    assert next_on == ""


def test_the_last_letter_and_a_notice_announce_nothing(firm):
    for level in ReminderLevel.ladder()[2:]:
        level.revise(firm.fang, active=False)
    firm.issued(price="1000", terms_days=3)
    with later(1):
        (notice,) = dunning.run_due()
    with later(5):
        (last,) = dunning.run_due()
    assert (notice.snapshot["next_on"], last.snapshot["next_on"]) == ("", "")
