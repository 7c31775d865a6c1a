"""Patterns that meet numbers which are used already: imported, voided, of other kinds and
periods."""

import datetime as dt

import pytest

from models.core.clock import at, today
from models.core.errors import Refused
from models.core.journal import Event
from models.documents import Document
from models.numbering import DEFAULTS, NUMBERED, NumberPattern, NumberSeries
from models.operations import checks
from models.operations.number_book import number_book
from models.payments import Payment


def imported(firm, number, kind="invoice", day=dt.date(2026, 1, 5)):
    line = {"name": "Kiste", "quantity": 10000, "price": 1000000, "net": 100, "gross": 100}
    head = {"date": day, "due_on": day, "terms_days": 0, "currency": "CNY"}
    return Document.enter_imported(firm.fang, kind, number, firm.a, [line], **head)


def refused(code):
    return pytest.raises(Refused, match=code)


def test_a_pattern_goes_on_after_the_highest_imported_number(app, firm):
    for number in ("A001", "A007", "A003", "B999", "A0009x"):
        imported(firm, number)
    NumberPattern.define(firm.ada, "invoice", "A{n:3}")
    assert NumberSeries.upcoming("invoice") == 8
    assert [firm.issued().number for _ in range(2)] == ["A008", "A009"]
    assert checks.faults() == []
    assert [(row["first"], row["gaps"]) for row in number_book()] == [("A008", 0)]


def test_each_period_goes_on_after_its_own_numbers(app, firm):
    imported(firm, "26-005")
    imported(firm, "27-002", day=dt.date(2027, 1, 2))
    NumberPattern.define(firm.ada, "invoice", "{yy}-{n:3}")
    with at(dt.datetime(2026, 12, 30, 4, 0)):
        assert firm.issued().number == "26-006"
    with at(dt.datetime(2027, 1, 30, 4, 0)):
        assert firm.issued().number == "27-003"


def test_an_older_pattern_whose_numbers_return_is_passed_over_too(app, firm):
    first, second = firm.issued(), firm.issued()
    second.void(firm.fang, "doppelt")
    NumberPattern.define(firm.ada, "invoice", "INV-{year}-{n:5}")
    assert firm.issued().number == first.number[:9] + "00003"
    NumberPattern.define(firm.ada, "invoice", "INV-{year}-{n:4}")
    assert firm.issued().number == first.number[:9] + "0003"  # another text: no clash
    assert checks.faults() == []


def test_one_after_the_other_may_have_taken_a_number_ahead(app, firm):
    """As a row that was put in by an earlier version, which did not look."""
    firm.issued()
    other = imported(firm, "ALT")
    Document.update(number=f"INV-{today():%Y}-0002").where(Document.id == other).execute()
    assert firm.issued().number.endswith("-0003")


def test_a_series_starts_at_a_number_above_all_used(app, firm):
    imported(firm, "A050")
    with refused("start_used"):
        NumberPattern.define(firm.ada, "invoice", "A{n:3}", 50)
    NumberPattern.define(firm.ada, "invoice", "A{n:3}", 100)
    assert (
        Event.select()
        .where(Event.action == "defined")
        .order_by(Event.id.desc())
        .first()
        .facts["start"]
        == 100
    )
    assert firm.issued().number == "A100"
    NumberPattern.define(firm.ada, "invoice", "A{n:3}", 200)
    assert firm.issued().number == "A200" and checks.faults() == []
    for low in (1, 150, 200):
        with refused("start_used"):
            NumberPattern.define(firm.ada, "invoice", "A{n:3}", low)
    NumberPattern.define(firm.ada, "payment", "P{n}", 7)
    assert Payment.receive(firm.fang, firm.a, "CNY", 100).number == "P7"
    assert checks.faults() == []


def test_a_lost_number_is_still_found_beside_skipped_ones(app, firm):
    NumberPattern.define(firm.ada, "invoice", "A{n:3}", 100)
    NumberPattern.define(firm.ada, "payment", "P{n}", 7)
    firm.issued()
    Payment.receive(firm.fang, firm.a, "CNY", 100)
    NumberSeries.update(last=NumberSeries.last + 1).execute()
    assert checks.numbers() == [
        "invoice : last is 101, missing [101]",
        "payment : last is 8, missing [8]",
    ]


@pytest.mark.parametrize("kind", DEFAULTS)
def test_no_kind_takes_the_numbers_of_another(app, firm, kind):
    """By the same text, by another text for the same numbers, by a number that is used."""
    other = "quote" if kind != "quote" else "order"
    same = DEFAULTS[other]
    assert kind in NUMBERED
    for pattern in (same, same.replace("n:4", "n:5"), same.replace("{n:4}", "1{n:3}")):
        with refused("pattern_taken"):
            NumberPattern.define(firm.ada, kind, pattern)


def test_a_pattern_is_refused_for_used_numbers_of_other_kinds(app, firm):
    """Imported or drawn, voided or not, of this year or another."""
    imported(firm, "A2019-3", day=dt.date(2019, 5, 1))
    with refused("pattern_used"):
        NumberPattern.define(firm.ada, "order", "A{year}-{n}")
    NumberPattern.define(firm.ada, "invoice", "X{n:3}")
    firm.issued().void(firm.fang, "falsch")
    NumberPattern.define(firm.ada, "invoice", "Y{n:3}")
    with refused("pattern_used"):
        NumberPattern.define(firm.ada, "credit_note", "X{n:3}")
    NumberPattern.define(firm.ada, "invoice", "X{n:4}")  # its own may go on
    assert firm.issued().number == "X0002"


@pytest.mark.parametrize("kind", ["invoice", "quote"])
def test_an_import_leaves_the_numbers_of_every_pattern_alone(app, firm, kind):
    NumberPattern.define(firm.ada, "order", "A{n:3}")
    with refused("number_is_ours"):
        imported(firm, "A017", kind=kind)


def test_the_settings_page_sets_the_next_number(app, firm, sign_in):
    browser, form = sign_in(firm.ada), {"idempotency_key": "a-key-of-some-length-0002"}
    form |= {"pattern-invoice": "INV-{year}-{n:4}", "start-invoice": "41"}
    assert browser.post("/settings/patterns", data=form).status_code == 303
    assert 'placeholder="41"' in browser.get("/settings/documents").text
    assert firm.issued().number.endswith("-0041")
    form |= {"start-invoice": "12", "idempotency_key": "a-key-of-some-length-0003"}
    answer = browser.post("/settings/patterns", data=form)
    assert answer.status_code == 422 and "from 42 to" in answer.text and 'value="12"' in answer.text
