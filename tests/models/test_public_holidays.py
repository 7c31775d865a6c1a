"""The published holidays are those of the notice, and somebody is told when next year's are
missing."""

import datetime as dt

from models.approvals.deadline import SpecialDay, year_without_holidays
from models.approvals.public_holidays import published
from models.core.clock import at
from models.operations import doctor

# 国务院办公厅关于2026年部分节假日安排的通知 (2025-11-04)
OFF_2026 = (
    ("New Year's Day", "01-01", "01-03"),
    ("Spring Festival", "02-15", "02-23"),
    ("Tomb-sweeping Day", "04-04", "04-06"),
    ("Labour Day", "05-01", "05-05"),
    ("Dragon Boat Festival", "06-19", "06-21"),
    ("Mid-autumn Festival", "09-25", "09-27"),
    ("National Day", "10-01", "10-07"),
)
WORKED_2026 = ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10")


def test_the_holidays_of_2026_are_those_of_the_notice():
    expected = {}
    for name, first, last in OFF_2026:
        day, end = (dt.date.fromisoformat(f"2026-{text}") for text in (first, last))
        while day <= end:
            expected[day] = (False, name)
            day += dt.timedelta(days=1)
    of_2026 = {day: what for day, what in published().items() if day.year == 2026}
    assert {day: what for day, what in of_2026.items() if not what[0]} == expected
    worked = {dt.date.fromisoformat(f"2026-{day}") for day in WORKED_2026}
    assert {day for day, (works, _name) in of_2026.items() if works} == worked
    assert min(published()).year == 2026


def found():
    return next(facts for _n, code, _good, facts in doctor.examine(False) if code == "holidays")


def test_from_november_on_the_doctor_asks_for_next_years_holidays(firm, sign_in):
    last = max(day.year for day in published())
    with at(dt.datetime(last, 10, 31, 4)):
        assert year_without_holidays() is None and found() == {}
    with at(dt.datetime(last, 11, 1, 4)):
        assert found()["year"] == last + 1
        page = sign_in(firm.ada).get("/status/").text
        assert f"Not known for {last + 1}." in page and "Working calendar" in page
        SpecialDay.define_range(
            firm.ada, dt.date(last + 1, 1, 1), dt.date(last + 1, 1, 3), False, "元旦"
        )
        assert found() == {}
    with at(dt.datetime(last + 2, 1, 2, 4)):
        assert found()["year"] == last + 2
