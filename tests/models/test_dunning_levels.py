"""The levels of reminders, and the interest they ask for."""

import pytest

from models.company import Company
from models.core.errors import Forbidden, Refused
from models.dunning import Reminded, ReminderLevel


@pytest.mark.parametrize(
    "amount, days, rate, expected",
    [
        (100, 1, 365, 0),
        (10000, 365, 1, 1),
        (5000, 365, 1, 1),
        (4999, 365, 1, 0),
        (10**15, 365, 3600, 36 * 10**13),
        (100, -3, 500, 0),
    ],
)
def test_interest_rounds_half_up_per_invoice(amount, days, rate, expected):
    assert ReminderLevel(interest=rate).interest_on(amount, days) == expected


def test_levels_are_refused_when_they_are_nonsense(firm):
    good = {"days": 60, "title_zh": "二", "title_en": "2", "text_zh": "付", "text_en": "pay"}
    for bad, code in (
        ({"days": 7}, "level_taken"),
        ({"days": 731}, "level_days"),
        ({"days": -61}, "level_days"),
        ({"text_en": " "}, "level_text"),
        ({"interest": 3601}, "level_interest"),
    ):
        with pytest.raises(Refused) as no:
            ReminderLevel.enter(firm.fang, **{**good, **bad})
        assert no.value.code == code
    with pytest.raises(Forbidden):
        ReminderLevel.enter(firm.li, **good)
    assert ReminderLevel.select().count() == 5


def test_a_firm_from_before_keeps_its_days(firm):
    Reminded.delete().execute()
    ReminderLevel.delete().execute()
    firm_ = Company.current()
    firm_.settings = {"reminder_days": [5, 20]}
    firm_.save()
    assert [x.days for x in ReminderLevel.ladder()] == [5, 20] and [
        x.days for x in ReminderLevel.ladder()
    ] == [5, 20]
