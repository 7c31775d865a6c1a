"""The date that a document bears, and what is counted from it."""

import datetime as dt

import pytest

from models.company import Company
from models.core.clock import at, today
from models.core.errors import Refused
from models.documents import ISSUED, KINDS, Document
from models.dunning import plan
from models.receivables import ageing
from models.receivables.ledger import account

BEGUN, NOON = dt.datetime(2026, 9, 1, 4), dt.datetime(2026, 11, 20, 4)
DAY = dt.date(2026, 11, 20)


def issue(firm, draft, **more):
    draft = Document.get_by_id(draft.id)
    draft.submit(by=firm.li)
    firm.approve_all(draft)
    draft = Document.get_by_id(draft.id)
    draft.issue(by=firm.li, **more)
    return Document.get_by_id(draft.id)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_counts_from_the_day_on_which_a_draft_was_begun(firm, kind):
    with at(BEGUN):
        draft = firm.draft(kind, terms_days=30)
    assert draft.due_on is None
    with at(NOON):
        paper = issue(firm, draft)
        frozen = paper.snapshot
        days = {paper.issued_on, paper.date, dt.date.fromisoformat(frozen["date"])}
        assert days == {DAY} and frozen["issued_on"] == "2026-11-20"
        assert Document.select(ISSUED).where(Document.id == paper.id).scalar() in (DAY, str(DAY))
        due = DAY + dt.timedelta(days=30) if kind == "invoice" else None
        assert paper.due_on == due and frozen["due_on"] == (due and due.isoformat())
        assert not plan.due()
        rows = account(firm.a, "CNY", dt.date(2026, 9, 1), DAY)["rows"]
        assert {row["date"] for row in rows} <= {"2026-11-20"}
        assert all(row["buckets"][0] == row["total"] for row in ageing.ageing())


def test_a_draft_shows_what_would_be_printed_today(firm):
    with at(BEGUN):
        draft = firm.draft(terms_days=10)
    with at(NOON):
        content = draft.freeze()
        assert (content["date"], content["due_on"]) == ("2026-11-20", "2026-11-30")
        assert content["issued_on"] is None


def test_a_chosen_date_is_kept_and_printed(firm):
    with at(NOON):
        day = DAY - dt.timedelta(days=20)
        paper = issue(firm, firm.draft(chosen_date=day, terms_days=30))
        assert (paper.issued_on, paper.date) == (day, day)
        assert paper.due_on == dt.date(2026, 11, 30)
        assert paper.snapshot["issued_on"] == "2026-10-31"
        assert paper.series.period == "2026"


def test_a_chosen_date_of_last_year_takes_a_number_of_last_year(firm):
    with at(dt.datetime(2027, 1, 2, 4)):
        firm.issued()
        paper = issue(firm, firm.draft(chosen_date=dt.date(2026, 12, 31)))
        assert paper.number == "INV-2026-0001"


@pytest.mark.parametrize("days", [1, -6, -30])
def test_a_date_outside_the_limits_is_not_printed_and_the_person_is_told(firm, sign_in, days):
    with at(NOON - dt.timedelta(days=5)):
        firm.issued()
    with at(NOON):
        paper = firm.approved(chosen_date=DAY + dt.timedelta(days=days))
        page = sign_in(firm.li).get(f"/documents/{paper.id}/issue").text
        assert "Dated 2026-11-20" in page and "not the chosen" in page
        with pytest.raises(Refused, match="date_changed"):
            paper.issue(by=firm.li, seen=paper.chosen_date)
        paper.issue(by=firm.li, seen=DAY)
        assert Document.get_by_id(paper.id).issued_on == DAY


def test_numbers_and_dates_run_in_one_order(firm):
    with at(NOON):
        yesterday = today() - dt.timedelta(days=1)
        waiting = firm.approved(chosen_date=yesterday)
        firm.issued()
        with pytest.raises(Refused, match="date_changed"):
            waiting.issue(by=firm.li, seen=yesterday)
        assert Document.get_by_id(waiting.id).state == "approved"
        assert firm.issued().number == "INV-2026-0002"


def test_the_firm_says_how_far_back_a_document_may_be_dated(firm):
    with at(NOON):
        for most, chosen, kept in ((3, 3, True), (3, 4, False), (0, 1, False), (None, 90, True)):
            Company.current().revise(firm.ada, settings={"days_back": most})
            day = DAY - dt.timedelta(days=chosen)
            assert firm.draft(chosen_date=day).day_to_print() == (day if kept else DAY)


def test_nothing_is_dated_before_what_it_was_made_from(firm):
    with at(NOON):
        invoice = firm.issued()
        note = invoice.convert(firm.li, "credit_note")
        note.revise(firm.li, note.version, chosen_date=DAY - dt.timedelta(days=1))
        assert issue(firm, note).issued_on == DAY


def test_an_imported_document_keeps_its_dates(firm):
    line = {"name": "x", "quantity": 10000, "price": 10000, "net": 100, "tax": 0, "gross": 100}
    with at(NOON):
        paper = Document.enter_imported(
            firm.fang,
            "invoice",
            "OLD-1",
            firm.a,
            [line],
            date=dt.date(2026, 1, 2),
            due_on=dt.date(2026, 1, 9),
            currency="CNY",
        )
        assert (paper.issued_on, paper.due_on) == (dt.date(2026, 1, 2), dt.date(2026, 1, 9))
        assert paper.snapshot["due_on"] == "2026-01-09"


def test_an_expired_quote_is_neither_submitted_nor_issued(firm):
    with at(BEGUN), pytest.raises(Refused, match="quote_expired_already"):
        firm.draft("quote", valid_until=dt.date(2026, 8, 31)).submit(by=firm.li)
    with at(BEGUN):
        paper = firm.approved("quote", valid_until=dt.date(2026, 10, 1))
    with at(NOON), pytest.raises(Refused, match="quote_expired_already"):
        paper.issue(by=firm.li)
