"""After a restore: what was done later than the backup is told, and how to enter it again."""

import datetime as dt
import errno
from contextlib import closing

import pytest

from jobs import commands, scheduler, worker
from models.adapters import outbox, smtp
from models.adapters.outbox import Mail
from models.archive import DestructionList
from models.company import Company
from models.core.clock import at, local, now
from models.core.errors import Forbidden, Refused
from models.core.installation import Installation
from models.core.journal import Event
from models.numbering import NumberPattern
from models.operations import checks
from models.operations.backup import (
    Backup,
    Place,
    dump,
    keys,
    place_check,
    post_restore,
    restore,
    run,
    snapshot,
)
from tests.views.test_evidence import text


@pytest.fixture
def place(firm, tmp_path):
    return Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "")


def backup(place):
    """Make one; returns its name."""
    Place.update(asked=True).execute()
    return run.run_due()[0].name


def restored(name=None):
    with closing(Place.get().open()) as store:
        return restore.restore(
            store, restore.chosen(store, name), keys.load(snapshot.folder()), replace=True
        )


def test_everybody_reads_what_must_be_entered_again_until_it_is(firm, place, sign_in):
    firm.issued(price="20")
    backup(place)
    kept = Event.head().at
    lost = [firm.issued(price="10").number for _ in range(2)]
    report = restored()
    assert (
        report["missing"] == {"invoice": {"count": 2, "numbers": lost}}
        and report["destroyed"] == []
    )
    assert f"stands here, and not in it: 2 of invoice, {lost[0]} to {lost[1]}" in list(
        commands.report_lines(report)
    )
    for person, may in ((firm.li, False), (firm.ada, True)):
        page = text(sign_in(person).get("/").text)
        assert f"Anything done after {local(kept):%Y-%m-%d %H:%M} is missing" in page
        assert f"missing: Invoice {lost[0]} – {lost[1]} (2)" in page and "next numbers" not in page
        assert ("Everything re-entered" in page) is may
    assert firm.issued(price="10").number == lost[0]
    assert sign_in(firm.li).post("/caught-up").status_code == 403
    admin = sign_in(firm.ada)
    assert admin.post("/caught-up").status_code == 303
    assert (
        "restored from a backup" not in text(admin.get("/").text) and post_restore.pending() is None
    )
    with pytest.raises(Forbidden):
        post_restore.catch_up(firm.li)


@pytest.mark.parametrize(
    "lost, says",
    [
        ({}, "The next numbers: Invoice INV-"),
        ({"missing": {}, "destroyed": ["DL-7"]}, "No documents have been issued since then."),
    ],
)
def test_on_an_empty_machine_the_next_numbers_are_told_as_nothing_else_is_known(
    firm, sign_in, lost, says
):
    firm.issued(price="20")
    restore.reset_after_restore(lost)
    page = text(sign_in(firm.li).get("/").text)
    assert says in page and ("to be destroyed again: DL-7" in page) is bool(lost)


def test_a_second_restore_keeps_what_the_first_one_left(firm, place):
    firm.issued(price="20")
    first = backup(place)
    kept = firm.issued(price="20").number
    second = backup(place)
    lost = firm.issued(price="10").number
    assert restored(first)["missing"]["invoice"]["numbers"] == [kept, lost]
    assert restored(second)["missing"]["invoice"]["numbers"] == [lost]


def test_a_number_is_told_as_it_was_written_whatever_the_pattern_is_now(firm, place):
    firm.issued(price="20")
    backup(place)
    NumberPattern.define(firm.ada, "invoice", "R{year}-{n:4}")
    lost = firm.issued(price="10").number
    assert lost.startswith("R") and restored()["missing"]["invoice"]["numbers"] == [lost]


def test_one_number_on_two_papers_is_missing_after_the_put_back(firm, place):
    backup(place)
    old = firm.issued(price="20").number
    aside = restored()["aside"]
    post_restore.catch_up(firm.ada)
    assert firm.issued(price="77").number == old
    restore.put_back(aside)
    assert post_restore.pending().facts["missing"] == {"invoice": {"count": 1, "numbers": [old]}}


def test_a_put_back_onto_nothing_knows_nothing(firm):
    aside = restore.move_aside()
    with dump.opened() as here, here.writing():
        here.empty(here.tables())
    restore.put_back(aside)
    assert Company.current() and post_restore.pending().facts["missing"] is None


def test_another_firms_backup_asks_nobody_to_enter_this_firms_papers(firm, place, tmp_path):
    firm.issued(price="20")
    with dump.opened() as here:
        dump.write(here, tmp_path / "dump.gz")
    with closing(dump.Sqlite(tmp_path / "scratch.db")) as there:
        there.link.execute("CREATE TABLE event (id INTEGER PRIMARY KEY, hash TEXT)")
        there.link.execute("INSERT INTO event (hash) VALUES ('another')")
    assert post_restore.missing_since(tmp_path / "scratch.db") == {}


def test_a_restore_of_an_earlier_version_asks_nobody_now(firm):
    Company.current().record("restored", None)
    assert post_restore.pending() is None


def test_what_was_destroyed_after_the_backup_is_named_as_here_again(firm, place):
    backup(place)
    DestructionList.insert(
        number="DL-1", opinion="x", proposer=firm.ada, proposed_at=now(), destroyed_at=now()
    ).execute()
    assert restored()["destroyed"] == ["DL-1"]


def test_the_next_numbers_are_those_of_today(firm):
    NumberPattern.define(firm.ada, "invoice", "M{year}{month}-{n:3}")
    with at(dt.datetime(2026, 7, 31, 4)):
        firm.issued(price="20")
    with at(dt.datetime(2026, 8, 1, 4)):
        assert post_restore.next_numbers() == [("invoice", "M202608-001")]


def test_a_full_disk_of_our_own_is_not_told_as_the_places(firm, place, sign_in, monkeypatch):
    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(snapshot, "take", full)
    run.run_due()
    page = text(sign_in(firm.ada).get("/").text)
    assert "the problem is its own disk or data" in page and "No space left there" not in page


def emptied():
    """The machine as if it were another one: no firm, no anchors."""
    with dump.opened() as here, here.writing():
        here.empty(here.tables())
    (snapshot.folder() / "anchors.jsonl").unlink(missing_ok=True)


def test_a_copy_on_another_machine_mails_nobody_and_fills_no_place_until_it_is_the_only_one(
    firm, place, sign_in, monkeypatch
):
    sent = []
    monkeypatch.setattr(smtp, "send", lambda _url, message: sent.append(message["To"]))
    monkeypatch.setitem(outbox._settings, "url", "smtp://there")
    backup(place)
    known, identity = Place.get().open(), keys.load(snapshot.folder())
    emptied()
    report = restore.restore(known, restore.chosen(known), identity)
    assert report["resting"] and "mail and backups rest" in " ".join(commands.report_lines(report))
    Mail.enqueue("a", to="customer@a.test", template="reminder", language="zh", context={})
    Mail.enqueue(
        "b",
        to="ada@firm.test",
        template="sign_in",
        language="zh",
        context={"name": "Ada", "link": "/", "code": "1"},
    )
    outbox.deliver_waiting()
    Place.update(asked=True).execute()
    assert (
        sent == ["ada@firm.test"]
        and run.run_due() == []
        and Backup.select().where(Backup.state == "running").count() == 0
    )
    assert (
        "Emails and backups are paused" in text(sign_in(firm.li).get("/").text)
        and sign_in(firm.li).post("/alone").status_code == 403
    )
    admin = sign_in(firm.ada)
    assert (
        "Emails and backups are paused" in text(admin.get("/backups/").text)
        and admin.post("/alone").status_code == 303
    )
    assert (
        "Emails and backups are paused" not in text(admin.get("/").text) and post_restore.pending()
    )
    monkeypatch.setitem(outbox._settings, "write", lambda mail: ("s", "t", ""))
    outbox.deliver_waiting()
    assert sent[1:] == ["customer@a.test"] and len(run.run_due()) == 1
    with pytest.raises(Forbidden):
        post_restore.take_over(firm.li)


def test_where_the_firm_stood_before_nothing_rests(firm, place):
    checks.anchor(snapshot.folder(), "k" * 40)
    backup(place)
    assert not restored()["resting"] and not post_restore.paused_after_restore()
    known, identity = Place.get().open(), keys.load(snapshot.folder())
    kept = (snapshot.folder() / "anchors.jsonl").read_bytes()
    emptied()
    (snapshot.folder() / "anchors.jsonl").write_bytes(
        kept
    )  # as when a damaged database was moved aside
    assert not restore.restore(known, restore.chosen(known), identity)["resting"]


def test_a_copy_that_rests_rests_after_the_next_restore_too(firm, place):
    backup(place)
    known, identity = Place.get().open(), keys.load(snapshot.folder())
    emptied()
    for _ in range(2):
        assert restore.restore(known, restore.chosen(known), identity, replace=True)["resting"]
    post_restore.take_over(firm.ada)
    assert not restore.restore(known, restore.chosen(known), identity, replace=True)["resting"]


def test_the_next_trial_on_this_machine_rests_too_although_its_database_was_emptied(firm, place):
    checks.anchor(snapshot.folder(), "k" * 40)
    backup(place)
    known, identity = Place.get().open(), keys.load(snapshot.folder())
    emptied()
    for _ in range(2):
        assert (
            restore.restore(known, restore.chosen(known), identity)["resting"]
            and post_restore.paused_after_restore()
        )
        with dump.opened() as here, here.writing():
            here.empty(here.tables())  # the anchors that the trial brought lie here still
    assert restore.restore(known, restore.chosen(known), identity)["resting"]
    post_restore.take_over(firm.ada)
    assert not (snapshot.folder() / "resting").exists()


def test_no_job_runs_between_the_exchanged_rows_and_the_word_that_they_are_a_copy(app, firm, place):
    """Waiting mail of the backup would go out a second time, and every place would be due."""
    done = []
    backup(place)
    Place.update(asked=True).execute()
    (snapshot.folder() / snapshot.RESTORING).write_text("{}")
    scheduler.guarded(app, "mail", lambda: done.append(1))()
    worker.run_once(app, "backups")
    assert not done and Place.get().asked
    (snapshot.folder() / snapshot.RESTORING).unlink()
    Installation.write(snapshot.RESTORING, "another host")
    scheduler.guarded(app, "mail", lambda: done.append(1))()
    assert not done
    Installation.forget(snapshot.RESTORING)
    scheduler.guarded(app, "mail", lambda: done.append(1))()
    assert done == [1]


def test_the_other_hosts_see_a_restore_until_its_last_step(firm, place):
    seen = []
    name = backup(place)
    with closing(Place.get().open()) as store:
        restore.restore(
            store,
            restore.chosen(store, name),
            keys.load(snapshot.folder()),
            replace=True,
            step=lambda at: seen.append((at, bool(Installation.read(snapshot.RESTORING)))),
        )
    assert ("ready", False) in seen and ("exchange", True) in seen and ("exchanged", True) in seen
    assert not Installation.read(snapshot.RESTORING) and not snapshot.restoring_anywhere()


def test_a_copy_that_rests_blames_and_mends_nothing_in_the_places(firm, place):
    backup(place)
    restore.reset_after_restore({"resting": True})
    next((snapshot.folder().parent / place.settings["path"]).glob("parts/*/??/*.age")).unlink()
    assert place_check.faults() == [] and Place.problems() == []
    with pytest.raises(Refused) as no:
        Place.get().ask(firm.ada)
    assert no.value.code == "place_rests"
    post_restore.take_over(firm.ada)
    assert len(place_check.faults()) == 1
