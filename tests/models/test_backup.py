"""A backup is worth what its restore is worth: each test restores what it made."""

import datetime as dt
import json
from contextlib import closing

import pytest

from config import VERSION
from models.adapters import blobs, stores
from models.adapters.outbox import Mail
from models.company import Company
from models.core.clock import at, now
from models.core.database import db
from models.core.errors import Forbidden, Refused
from models.core.journal import Event
from models.customers import Customer
from models.documents import Document
from models.operations import checks
from models.operations.backup import (
    Backup,
    Place,
    dump,
    keys,
    proof,
    restore,
    run,
    schema,
    snapshot,
)
from models.operations.backup.facts import facts_of
from models.payments import Payment


@pytest.fixture
def trade(firm):
    invoice = firm.printed(price="20000")
    Payment.receive(firm.fang, firm.a, "CNY", 100, allocations=[(invoice, 100)])
    checks.anchor(snapshot.folder(), snapshot.config()["SECRET_KEY"])
    return invoice


@pytest.fixture
def place(firm, tmp_path):
    return Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "")


def digests():
    with dump.opened() as here:
        return dump.digests(here)


def without_list(found):
    """Tables but those that a backup itself, or the settling after a restore, writes."""
    return {
        k: v
        for k, v in found.items()
        if k not in ("backup", "place", "event", "session", "code", "mail", "lease", "progress")
    }


@pytest.mark.real_proof
def test_a_backup_is_made_proven_and_shown_with_its_end(trade, place):
    [backup] = run.run_due()
    place, backup = Place.get_by_id(place.id), Backup.get_by_id(backup.id)
    assert (
        backup.state == "kept"
        and backup.proven_at
        and backup.error == ""
        and backup.files == len(blobs.listing())
    )
    assert place.proven_at and place.trouble == "" and not place.is_due and place.claimed_at is None
    assert backup.expires_on >= (now() + dt.timedelta(days=360)).date()
    assert [e.action for e in place.events] == ["added", "begun"]
    assert checks.faults(snapshot.folder(), snapshot.config()["SECRET_KEY"]) == []


def test_only_new_files_are_copied(trade, firm, place):
    run.run_due()
    firm.printed(price="10")
    place.ask(firm.ada)
    [second] = run.run_due()
    assert Backup.get_by_id(second.id).new_files == 1


def test_nothing_in_the_place_can_be_read_without_the_key(trade, place, tmp_path):
    run.run_due()
    paper = blobs.fetch(trade.pdf_sha256)
    for path in (tmp_path / "disk").rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert (
                paper[:40] not in data
                and "北京甲公司".encode() not in data
                and snapshot.config()["SECRET_KEY"].encode() not in data
            )
    other = keys.x25519.Identity.generate()
    with closing(Place.get().open()) as store, pytest.raises(Refused, match="recovery_key_wrong"):
        restore.restore(store, restore.chosen(store), other, replace=True)


def test_a_restore_over_a_changed_firm_equals_its_source_and_keeps_the_old_aside(
    trade, firm, place
):
    before = digests()
    run.run_due()
    firm.issued(price="10")
    Mail.enqueue("late", "x@y.test", "anchor", "zh", {})
    identity = keys.load(snapshot.folder())
    with closing(Place.get().open()) as store:
        with pytest.raises(Refused, match="already_set_up"):
            restore.restore(store, restore.chosen(store), identity)
        report = restore.restore(store, restore.chosen(store), identity, replace=True)
    assert without_list(digests()) == without_list(before)
    assert report["faults"] == [] and Document.select().count() == 1
    assert checks.faults(snapshot.folder(), snapshot.config()["SECRET_KEY"]) == []
    assert (
        Event.head().action == "restored"
        and not Mail.select().where(Mail.state == "queued").exists()
    )
    Place.update(asked=True).execute()
    # the backup restored from was in the making when its own snapshot was taken: it is listed
    # again, and stays there
    run.run_due()
    assert [b.state for b in Backup.select().order_by(Backup.taken_at)] == [
        "kept",
        "kept",
    ] and Place.get().trouble == ""
    restore.put_back(report["aside"])
    assert Document.select().count() == 2 and Mail.get(Mail.key == "late").state == "failed"


def test_a_restore_that_falls_in_the_exchange_leaves_nothing_of_itself(
    trade, firm, place, monkeypatch
):
    run.run_due()
    firm.issued(price="10")
    before, real = digests(), dump.load

    def breaks_off(target, *rest):
        if target.link.execute("SELECT COUNT(*) FROM document").fetchone()[0] == 2:
            raise OSError("the disk answers no more")
        return real(target, *rest)

    monkeypatch.setattr(dump, "load", breaks_off)
    with closing(Place.get().open()) as store, pytest.raises(OSError, match="answers no more"):
        restore.restore(store, restore.chosen(store), keys.load(snapshot.folder()), replace=True)
    assert digests() == before and not (snapshot.folder() / snapshot.RESTORING).exists()


def test_files_lost_here_come_back_with_the_restore(trade, place):
    run.run_due()
    paper = blobs.fetch(trade.pdf_sha256)
    blobs.path_of(trade.pdf_sha256).unlink()
    with closing(Place.get().open()) as store:
        restore.restore(store, restore.chosen(store), keys.load(snapshot.folder()), replace=True)
    assert blobs.fetch(trade.pdf_sha256) == paper


@pytest.mark.parametrize("part", ["parts", "start.age", "manifest.age", "files"])
def test_one_flipped_bit_in_the_place_is_found_by_the_proof(trade, firm, place, tmp_path, part):
    [backup] = run.run_due()
    disk = tmp_path / "disk"
    content = part in ("parts", "files")
    path = next(disk.glob(f"{part}/*/??/*.age" if content else f"backups/*/{part}"))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    new = [run.sha_in(f"x/{path.name}")] if content else []
    with closing(Place.get().open()) as store, pytest.raises(proof.Unproven):
        proof.prove(store, backup.name, keys.load(snapshot.folder()), new, {})


@pytest.mark.parametrize("part", ["parts", "files"])
def test_a_file_gone_from_the_place_is_missed(trade, place, tmp_path, part):
    [backup] = run.run_due()
    next((tmp_path / "disk").glob(f"{part}/*/??/*.age")).unlink()
    with closing(Place.get().open()) as store, pytest.raises(proof.Unproven, match="missing"):
        proof.prove(store, backup.name, keys.load(snapshot.folder()), [], {})


def test_a_place_that_fails_is_told_mailed_once_and_tried_again_while_others_go_on(
    trade, firm, place, tmp_path
):
    noon = now().replace(hour=4)  # in Shanghai: who is told once a day is told again after midnight
    with at(noon):
        run.run_due()
        (tmp_path / "disk" / stores.MARK).unlink()
        good = Place.add(firm.ada, "other", "folder", {"path": str(tmp_path / "other")}, "")
        place.ask(firm.ada)
        [backup] = run.run_due()
        bad = Place.get_by_id(place.id)
        assert (
            backup.place_id == good.id
            and "mounted" in bad.trouble
            and bad.tries == 1
            and not bad.is_due
        )
        mails = list(Mail.select().where(Mail.template == "backup_trouble"))
        assert [m.recipient for m in mails] == ["ada@firm.test"] and "mounted" in mails[0].context[
            "trouble"
        ]
    with at(noon + dt.timedelta(minutes=6)):
        assert Place.get_by_id(place.id).is_due
        run.run_due()
    assert (
        Place.get_by_id(place.id).tries == 2
        and Mail.select().where(Mail.template == "backup_trouble").count() == 1
    )
    (tmp_path / "disk" / stores.MARK).write_text("back")
    with at(noon + dt.timedelta(hours=2)):
        run.run_due()
    assert Place.get_by_id(place.id).trouble == ""


def test_old_backups_go_by_the_rule_and_their_files_with_them(trade, firm, place, tmp_path):
    place.revise(
        firm.ada,
        "disk",
        place.settings,
        "",
        "hourly",
        0,
        {"hourly": 3, "daily": 0, "weekly": 0, "monthly": 0, "yearly": 0},
    )
    begin = now().replace(minute=1)
    for hour in (0, 1, 2, 26, 27, 28):
        with at(begin + dt.timedelta(hours=hour)):
            run.run_due()
            if hour == 0:
                spare = blobs.keep(b"a scan that was destroyed")
                Place.get_by_id(place.id).ask(firm.ada)
                run.run_due()
                blobs.path_of(spare).unlink()
    names = {b.name for b in Backup.standing()}
    there = {p.parent.name for p in (tmp_path / "disk" / "backups").rglob("manifest.json")}
    assert names == there and len(names) == 3
    assert not list((tmp_path / "disk").rglob(f"{spare}.age")), "no backup speaks of it any more"
    assert list((tmp_path / "disk").rglob(f"{trade.pdf_sha256}.age"))
    assert not Backup.standing().where(Backup.taken_at < begin).exists()


def test_the_newest_proven_backup_stays_although_its_time_is_over(trade, place):
    run.run_due()
    with at(now() + dt.timedelta(days=9000)):
        assert list(Backup.deletable(place)) == []


def test_the_first_of_a_day_is_kept_longer_than_the_second(trade, place):
    with at(dt.datetime(2026, 3, 4, 2, 0)):
        place.keep = {"hourly": 0, "daily": 5, "weekly": 0, "monthly": 0, "yearly": 0}
        first = Backup.begin(place, "a", now())
        first.finish()
        second = Backup.begin(place, "b", now() + dt.timedelta(hours=1))
    assert (first.expires_on, second.expires_on) == (dt.date(2026, 3, 9), dt.date(2026, 3, 5))


@pytest.mark.parametrize(
    "rhythm, moment, expected",
    [
        ("hourly", (2026, 3, 4, 5, 30), (2026, 3, 4, 5, 0)),
        ("daily", (2026, 3, 4, 5, 30), (2026, 3, 3, 19, 0)),
        ("daily", (2026, 3, 4, 18, 0), (2026, 3, 3, 19, 0)),
        ("weekly", (2026, 3, 4, 5, 30), (2026, 3, 1, 19, 0)),
        ("monthly", (2026, 3, 4, 5, 30), (2026, 2, 28, 19, 0)),
        ("monthly", (2026, 2, 28, 18, 0), (2026, 1, 31, 19, 0)),
    ],
)
def test_a_missed_turn_is_caught_up(place, rhythm, moment, expected):
    with at(dt.datetime(*moment)):
        place.rhythm, place.hour = rhythm, 3
        assert place.slot() == dt.datetime(*expected)


def test_only_administrators_touch_places(firm, place):
    for verb in (
        lambda: Place.add(firm.li, "x", "folder", {"path": "/x"}, ""),
        lambda: place.ask(firm.fang),
        lambda: place.switch(firm.wang, False),
        lambda: place.revise(firm.zhao, "x", {}, "", "daily", 3, {}),
    ):
        with pytest.raises(Forbidden):
            verb()
    assert list(firm.li.sees.places()) == [] and list(firm.ada.sees.places()) == [place]


def manifest_of_empty_firm(folder, names, head):
    """A manifest and its dump of a firm with nothing but a name, written after these migrations;
    its head says `head`."""
    schema.build(folder / "old.db", names)
    with closing(dump.Sqlite(folder / "old.db")) as target:
        target.link.execute(
            "INSERT INTO company (name, legal_name, tax_id, address, phone, email, "
            "website, bank_name, bank_branch, "
            "bank_account, bank_code, footer, language, currency, zone, demo, settings) VALUES "
            "('老公司','','','','','','','','','','','','zh','CNY','Asia/Shanghai',0,'{}')"
        )
        target.migrations = lambda: head
        tables = dump.write(target, folder / "dump", lambda part: None)
        sums = dump.sums(target)
    (folder / "start").write_text(json.dumps({"anchors": "", "secret_key": "k"}))
    return {"schema": head, "tables": tables, "sums": sums, "files": {}}


@pytest.mark.real_proof
def test_a_backup_of_0_9_0_is_of_the_baseline(trade, place, tmp_path):
    manifest = manifest_of_empty_firm(tmp_path, [schema.BASELINE], schema.NAMES_OF_0_9_0)
    seen = []
    report = proof.restored(tmp_path, manifest, seen.append)
    assert seen == sorted(seen) and any(
        0 < part < 1 for part in seen
    )  # one sees it come on, and not only end
    assert schema.BASELINE not in report["applied"] and report["firm"] == "老公司"


@pytest.mark.real_proof
@pytest.mark.parametrize("names", [schema.NAMES_OF_0_9_0[:20], schema.NAMES_OF_0_9_0[:-1]])
def test_a_backup_from_before_0_9_0_is_refused(trade, place, tmp_path, names):
    manifest = manifest_of_empty_firm(tmp_path, [schema.BASELINE], names)
    with pytest.raises(Refused, match="data_too_old"):
        proof.restored(tmp_path, manifest)


def test_a_large_table_shows_how_far_it_has_come(trade, tmp_path):
    Customer.insert_many([{"name": f"客户 {i}", "code": f"N{i}"} for i in range(2000)]).execute()
    seen = []
    with dump.opened() as here:
        tables = dump.write(here, tmp_path / "dump.gz")
        dump.load(here, tmp_path / "dump.gz", seen.append)
    assert (
        seen == sorted(seen)
        and seen[0] > 0
        and seen[-1] == 1
        and len(seen) >= len(tables) + 2000 // dump.BATCH
    )


def test_a_torn_dump_loads_nothing(trade, tmp_path):
    with dump.opened() as here:
        dump.write(here, tmp_path / "whole.gz")
    data = (tmp_path / "whole.gz").read_bytes()
    before = digests()
    for cut in (0, 10, len(data) // 2, len(data) - 9):
        (tmp_path / "torn.gz").write_bytes(data[:cut])
        with dump.opened() as here, pytest.raises(dump.InvalidDump):
            dump.load(here, tmp_path / "torn.gz")
    assert digests() == before and Company.current()


def test_a_long_silent_backup_keeps_its_lease_and_shows_life(app, trade, place, monkeypatch):
    """No second worker begins the same place while the first restores for its proof."""
    import threading
    import time

    from jobs import backups
    from models.core import progress
    from models.core.lease import Lease

    monkeypatch.setattr(backups, "HEARTBEAT", 0.2)
    monkeypatch.setattr(progress, "BEAT", 0.2)
    assert Lease.hold("backups", backups.ME, dt.timedelta(seconds=0.5)) and place.claim()
    with backups.heartbeat(), progress.beating(place.progress_name):
        progress.Progress.update(beat_at=dt.datetime(2026, 1, 1)).execute()
        time.sleep(2)
        assert not Lease.hold("backups", "another", dt.timedelta(minutes=2))
        assert progress.alive(place.progress_name, dt.datetime(2026, 1, 1))
    assert {t.name for t in threading.enumerate() if "heart" in t.name} <= {"backups' heart"}


def test_the_worker_fills_what_is_due(app, trade, place):
    from jobs import worker

    db.close()
    worker.run_once(app, "backups")
    assert Backup.get().proven_at and Place.get().trouble == ""


def test_a_backup_says_which_version_wrote_it(trade, place):
    run.run_due()
    backup = Backup.get()
    with closing(place.open()) as store:
        facts = proof.found(store)[0]
        manifest = proof.manifest_of(store, facts, keys.load(snapshot.folder()))
    assert backup.name == facts["name"]
    assert facts["version"] == manifest["version"] == VERSION
    assert facts["schema"] == schema.known()


def test_what_0_9_0_said_of_its_backup_follows_from_it_still(trade):
    """Its manifest names no version; the check of the places compares the text."""
    recipient = keys.make(snapshot.folder()).to_public()
    manifest = {"schema": schema.NAMES_OF_0_9_0, "tables": {}, "files": {}}
    facts = facts_of("b", dt.datetime(2026, 11, 29), recipient, manifest, {})
    assert list(facts) == ("danju name taken_at key under schema objects rows files size".split())
    assert facts["schema"] == schema.NAMES_OF_0_9_0
