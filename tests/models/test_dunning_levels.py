"""The levels of reminders, and the interest they ask for."""

import json
import sqlite3

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


def test_steps_of_an_earlier_version_become_days(tmp_path):
    """The migration on tables as they were: step 2 of the firm's days is the second lowest day."""
    import importlib.util
    from pathlib import Path

    spec = importlib.util.spec_from_file_location("m0031", Path("migrations/0031_dunning.py"))
    migration = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(migration)
    link = sqlite3.connect(tmp_path / "old.db")
    link.executescript(
        "CREATE TABLE company (id INTEGER, settings TEXT); CREATE TABLE reminded (id "
        "INTEGER, days INTEGER);"
    )
    link.execute(
        "INSERT INTO company VALUES (1, ?)", (json.dumps({"reminder_days": [20, -5, 10]}),)
    )
    link.executemany("INSERT INTO reminded VALUES (?, ?)", [(1, 1), (2, 2), (3, 3), (4, 4)])

    class Old:
        execute_sql = staticmethod(link.execute)

    migration._days(Old, "?")
    assert link.execute("SELECT days FROM reminded ORDER BY id").fetchall() == [
        (-5,),
        (10,),
        (20,),
        (21,),
    ]
