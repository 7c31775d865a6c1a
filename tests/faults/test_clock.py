"""The clock goes back, forward, through a change of summer time and over New Year: numbers,
reminders and backups keep their order."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from jobs.scheduler import once_a_day
from models import dunning
from models.adapters.outbox import Mail
from models.company import Company
from models.core.clock import at, local, now, set_zone
from models.core.lease import Lease
from models.documents import Document
from models.dunning import Reminded, Reminder
from models.numbering import NumberSeries
from models.operations.backup import Place, snapshot
from models.operations.doctor import examine
from tests.faults.conftest import figure, seeded
from tests.faults.invariants import broken

KEY = "k" * 40


def well():
    assert broken(snapshot.folder(), KEY) == []


def shanghai(text):
    """A moment of the firm's zone as UTC."""
    return dt.datetime.fromisoformat(text) - dt.timedelta(hours=8)


def test_new_year_begins_the_numbers_anew_at_the_firms_midnight(firm):
    """Approved on 31 December, issued a second before and a second after; the machine's own zone
    says the day before."""
    with at(shanghai("2026-12-31T12:00:00")):
        papers = [firm.approved(price="10") for _ in range(4)]
    for paper, moment in zip(
        papers,
        (
            "2026-12-31T23:59:58",
            "2026-12-31T23:59:59",
            "2027-01-01T00:00:00",
            "2027-01-01T00:00:01",
        ),
        strict=True,
    ):
        with at(shanghai(moment)):
            paper.issue(by=firm.li)
    assert [Document.get_by_id(p.id).number for p in papers] == [
        "INV-2026-0001",
        "INV-2026-0002",
        "INV-2027-0001",
        "INV-2027-0002",
    ]
    assert [str(Document.get_by_id(p.id).issued_on) for p in papers[1:3]] == [
        "2026-12-31",
        "2027-01-01",
    ]
    well()


def test_a_clock_put_back_over_new_year_goes_on_in_the_old_series(firm):
    with at(shanghai("2027-01-01T00:05:00")):
        firm.issued(price="10")
    with at(shanghai("2026-12-31T23:55:00")):
        firm.issued(price="10")
        assert ("clock", False) in [
            (code, good) for _n, code, good, _facts in examine(thorough=False)
        ], "the doctor says so"
    with at(shanghai("2027-01-01T00:10:00")):
        firm.issued(price="10")
    assert sorted(
        (s.period, s.last) for s in NumberSeries.select().where(NumberSeries.kind == "invoice")
    ) == [("2026", 1), ("2027", 2)]
    well()


def test_nobody_has_two_reminders_when_the_clock_goes_back_and_forward(firm):
    begin = now()
    firm.issued(price="1000")
    for days in (32, 31, 32, 32, 45, 33, 32, 45):
        with at(begin + dt.timedelta(days=days)):
            dunning.run_due()
    levels = [row.days for row in Reminded.select()]
    assert len(levels) == len(set(levels)) and Reminder.select().count() == len(
        {r.day for r in Reminder.select()}
    )
    well()


@pytest.mark.parametrize("night, hours", [("2026-10-25", 25), ("2026-03-29", 23)])
def test_the_nights_jobs_and_backups_come_once_where_the_clock_changes(
    firm, tmp_path, night, hours
):
    """Berlin: the hour from two to three does not exist, or comes twice. Whole day in steps of ten
    minutes."""
    Company.current().revise(firm.ada, zone="Europe/Berlin")
    set_zone("Europe/Berlin")
    try:
        place = Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "", hour=2)
        midnight = dt.datetime.fromisoformat(night)
        begin = (
            midnight.replace(tzinfo=ZoneInfo("Europe/Berlin"))
            .astimezone(dt.timezone.utc)
            .replace(tzinfo=None)
        )
        ran, filled = [], []
        job = once_a_day("file by rule", 2, lambda: ran.append(now()))
        with at(begin - dt.timedelta(minutes=10)):
            Place.update(asked=False, last_at=now()).where(Place.id == place.id).execute()
            once_a_day("file by rule", 2, lambda: None)()
        for n in range(hours * 6):
            with at(begin + dt.timedelta(minutes=10 * n)):
                assert local(now()).date() == midnight.date()
                job()
                row = Place.get_by_id(place.id)
                if row.is_due:
                    filled.append(now())
                    Place.update(last_at=now()).where(Place.id == place.id).execute()
        assert len(ran) == 1 and len(filled) == 1, (ran, filled)
        assert local(ran[0]).hour in (2, 3) and local(filled[0]).hour in (2, 3)
    finally:
        set_zone("Asia/Shanghai")


def test_a_clock_that_was_a_year_ahead_stops_no_job(firm):
    """The battery of the machine is empty, it starts in another year, and is put right."""
    ran = []
    job = once_a_day("daily check", 4, lambda: ran.append(now()))
    right = shanghai("2026-11-25T09:00:00")
    for moment in (
        right,
        right + dt.timedelta(days=365),
        right + dt.timedelta(minutes=5),
        right + dt.timedelta(minutes=10),
        right + dt.timedelta(days=1),
    ):
        with at(moment):
            job()
    assert ran == [
        right,
        right + dt.timedelta(days=365),
        right + dt.timedelta(minutes=5),
        right + dt.timedelta(days=1),
    ]
    assert Lease.select().where(Lease.name == "day daily check").count() == 1


def test_a_lease_from_the_future_does_not_stop_the_clock_for_long(firm):
    """Held while the clock was ahead, then the clock is put right: whoever asks next has it."""
    right = now()
    with at(right + dt.timedelta(days=365)):
        assert Lease.hold("scheduler", "one", dt.timedelta(minutes=2))
    with at(right):
        assert Lease.hold("scheduler", "two", dt.timedelta(minutes=2)) and not Lease.hold(
            "scheduler", "three", dt.timedelta(minutes=2)
        )


def test_a_mail_queued_in_the_future_goes_out(firm):
    right = now()
    Mail.delete().execute()
    with at(right + dt.timedelta(days=365)):
        Mail.enqueue("k", to="x@x.test", template="sign_in", language="en", context={})
    assert Mail.waiting().count() == 1


def test_a_place_filled_in_the_future_is_filled_again(firm, tmp_path):
    right = now()
    place = Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "", hour=3)
    Place.update(
        asked=False,
        last_at=right + dt.timedelta(days=365),
        proven_at=right + dt.timedelta(days=365),
    ).where(Place.id == place.id).execute()
    assert Place.get_by_id(place.id).is_due
    figure(
        "clock back, forward, summer time, 31 December: numbers per year without gap, no "
        "second reminder, the night's jobs and backups once a day"
    )


def test_a_seeded_fault_is_caught(firm, monkeypatch):
    """The year taken from UTC instead of from the firm's zone."""
    monkeypatch.setattr("models.documents.dating.today", lambda: now().date())
    with at(shanghai("2026-12-31T12:00:00")):
        paper = firm.approved(price="10")
    with at(shanghai("2027-01-01T00:00:01")):
        paper.issue(by=firm.li)
    number = Document.get_by_id(paper.id).number
    seeded(
        "the year of a number taken from UTC",
        "clock at New Year",
        [] if number == "INV-2027-0001" else [number],
    )
