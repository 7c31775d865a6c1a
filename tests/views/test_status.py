"""The status page, the doctor, the bundle without customers' data, announcements, the daily
check."""

import datetime as dt
import io
import logging
import os
import re
import zipfile

import peewee as pw
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from config import VERSION
from jobs import daily
from models.adapters import blobs
from models.adapters.outbox import Mail
from models.core import disk
from models.core.clock import at, now
from models.core.errors import Forbidden, Refused
from models.core.lease import Lease
from models.operations import checks, doctor
from models.operations.announcement import Announcement
from models.operations.backup import Place, restore, run, snapshot, structure
from models.products import Product
from tests.firm import KEY
from tests.views.test_queries import queries_of
from tests.web import free_port


def test_each_check_is_numbered_and_has_its_cure(firm, sign_in):
    page = sign_in(firm.ada).get("/status/").get_data(as_text=True)
    told = re.findall(r'(?:data-label="No.">|</svg> )(\d+)(<| · )', page)
    wrong = [int(n) for n, end in told if end == "<"]
    assert sorted(int(n) for n, _end in told) == list(range(1, len(doctor.CHECKS) + 1))
    assert f"{len(wrong)} of {len(doctor.CHECKS)} checks need attention." in page
    assert "Add a second location" in page and "Print it on the “Backups” page" in page
    assert f"Version {VERSION}" in page


def test_what_was_found_is_said_in_words_and_in_the_readers_language(firm, sign_in, tmp_path):
    ada = sign_in(firm.ada)
    page = ada.get("/status/").text
    assert (
        "Backups are not set up yet." in page
        and "No verified backup outside this machine" in page
        and "Not printed yet" in page
    )
    assert (
        'Result">0<' not in page
        and 'Result">backup_key<' not in page
        and "No email server configured" in page
    )
    place = Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "")
    place.mark_failed("[Errno 13] Permission denied: '/mnt/x'")
    ada.set_cookie("language", "zh")
    page = ada.get("/status/").text
    assert "备份到“disk”失败：系统无权在那里写入" in page


def test_a_mail_that_failed_and_a_clock_that_went_wrong_are_said_in_words(firm, sign_in, app):
    app.config["SMTP_URL"] = "smtp://mail.test"
    Mail.enqueue("k", to="x@y.test", template="witness", language="en", context={})
    Mail.update(state="failed").execute()
    with at(now() + dt.timedelta(hours=2)):
        firm.draft()
    page = sign_in(firm.ada).get("/status/").text
    assert (
        "Emails not delivered: 1" in page
        and not re.search(r"\bUTC\b", page)
        and "The audit log contains an event of" in page
    )


def test_the_doctor_names_a_paper_that_was_changed(firm):
    invoice = firm.printed(price="10")
    blobs.path_of(invoice.pdf_sha256).write_bytes(b"other")
    bad = {code: facts for _n, code, good, facts in doctor.examine() if not good}
    assert invoice.number in bad["sound"]["found"] and "database" not in bad and "schema" not in bad


@pytest.mark.asvs("13.3.2")
def test_keys_that_others_can_read_are_named(firm):
    path = snapshot.folder() / "backup_key"
    path.write_text("x")
    os.chmod(path, 0o644)
    assert [facts for _n, code, _good, facts in doctor.examine(False) if code == "private"] == [
        {"found": "backup_key"}
    ]


def test_a_data_folder_that_others_can_read_is_named(firm):
    snapshot.folder().chmod(0o750)
    assert [facts for _n, code, _good, facts in doctor.examine(False) if code == "private"] == [
        {"found": snapshot.folder().name}
    ]


@pytest.mark.parametrize(
    "host, base, good",
    [
        ("127.0.0.1", "http://localhost:8000", True),
        ("::1", "http://127.0.0.1:8000", True),
        ("0.0.0.0", "http://localhost:8000", False),
        ("192.168.1.20", "http://localhost:8000", False),
        ("127.0.0.1", "http://192.168.1.20", False),
        ("0.0.0.0", "https://danju.example.com", True),
    ],
)
def test_the_doctor_tells_when_strangers_reach_a_portal_without_tls(
    app, firm, sign_in, host, base, good
):
    browser = sign_in(firm.ada)
    app.config.update(HOST=host, BASE_URL=base)
    snapshot.use(app.config)
    row = next(facts for _n, code, _good, facts in doctor.examine(False) if code == "address")
    assert (row == {}) == good
    if not good and base.startswith("http://localhost"):
        assert f"listens on {host}" in browser.get("/status/").text


def test_the_bundle_holds_no_customer_no_secret_no_number(firm):
    firm.issued(price="10")
    handler = doctor.install_log(snapshot.folder())
    logging.getLogger("danju.mail").warning(
        "mail to anna@a.test about INV-2026-0001 of 北京甲公司 failed"
    )
    try:
        raise ValueError("北京甲公司 owes 1130")
    except ValueError:
        logging.getLogger("danju").exception("fell")
    logging.getLogger().removeHandler(handler)
    handler.close()
    with zipfile.ZipFile(io.BytesIO(doctor.bundle())) as box:
        everything = "".join(box.read(name).decode() for name in box.namelist())
    for secret in ("anna", "北京", "INV-", "1130", snapshot.config()["SECRET_KEY"], "华信", "Ada"):
        assert secret not in everything
    assert (
        "danju.mail" in everything
        and "ValueError" in everything
        and "flask==" in everything.lower()
        and '"document": 1' in everything
        and f'"version": "{VERSION}"' in everything
    )


def test_a_torn_database_still_gives_a_bundle_and_a_status_page(firm, sign_in, monkeypatch):
    ada = sign_in(firm.ada)

    def torn(*_):
        raise pw.DatabaseError("database disk image is malformed")

    monkeypatch.setattr(Product, "select", torn)
    with zipfile.ZipFile(io.BytesIO(doctor.bundle())) as box:
        assert (
            '"product": "unreadable"' in box.read("figures.json").decode()
            and "sound" in box.read("checks.txt").decode()
        )
    assert ada.get("/status/").status_code == 200


def test_what_is_sent_begins_no_line_of_the_log_and_so_none_of_the_bundle(firm):
    handler = doctor.install_log(snapshot.folder())
    logging.getLogger("danju.mail").warning(
        "from %s", "x\n2026-01-01 00:00:00,000 INFO 13800138000\r2026-01-01T00:00:00Z INFO anna"
    )
    logging.getLogger().removeHandler(handler)
    handler.close()
    assert len((snapshot.folder() / doctor.LOG).read_text().splitlines()) == 1
    with zipfile.ZipFile(io.BytesIO(doctor.bundle())) as box:
        assert (
            box.read("log.txt").decode().endswith("WARNING danju.mail …")
            and "138" not in box.read("log.txt").decode()
        )


def test_a_full_log_makes_way_and_the_oldest_goes(firm):
    handler = doctor.install_log(snapshot.folder())
    handler.maxBytes = 200
    for n in range(60):
        logging.getLogger("danju.mail").warning("line %s of the log", n)
    logging.getLogger().removeHandler(handler)
    handler.close()
    kept = sorted((snapshot.folder() / "logs").iterdir())
    assert len(kept) == 11 and all(path.stat().st_size <= 200 for path in kept)
    assert "line 59" in (snapshot.folder() / doctor.LOG).read_text()


def test_a_second_place_counts_only_when_it_holds_a_proven_backup_on_another_disk(firm, tmp_path):
    def found():
        return next(facts for _n, code, _good, facts in doctor.examine(False) if code == "second")

    Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "")
    other = Place.add(firm.ada, "other", "folder", {"path": str(tmp_path / "other")}, "")
    run.run_due()
    assert found() == {"found": "0"}  # both burn with the data
    far = Place.add(firm.ada, "far", "s3", {"bucket": "b", "endpoint": "http://127.0.0.1:9"}, "s")
    assert found() == {"found": "0"}  # nothing lies there yet
    far.mark_kept(now(), True)
    far.mark_proven()
    assert found() == {}
    far.switch(firm.ada, False)
    Place.update(settings={"path": "/dev/shm"}).where(Place.id == other.id).execute()
    assert found() == {}


def test_maintenance_is_told_to_staff_and_customers_until_it_is_over(firm, sign_in):
    ada = sign_in(firm.ada)
    assert (
        ada.post(
            "/announcements/",
            data={
                "day": "2099-12-31",
                "hour": "20",
                "minutes": "30",
                "text": "升级",
                "idempotency_key": KEY,
            },
        ).status_code
        == 303
    )
    for who in (firm.li, firm.anna):
        assert "2099-12-31 20:00" in sign_in(who).get(
            "/portal/" if who is firm.anna else "/"
        ).get_data(as_text=True)
    row = Announcement.get()
    with at(row.ends_at + dt.timedelta(minutes=1)):
        assert list(Announcement.current()) == []
    ada.post(f"/announcements/{row.id}/withdraw", data={"idempotency_key": KEY + "2"})
    assert "2099-12-31 20:00" not in sign_in(firm.li).get("/").get_data(as_text=True)


def test_only_administrators_announce_and_never_backwards(firm):
    with pytest.raises(Forbidden):
        Announcement.make(firm.li, now(), now() + dt.timedelta(hours=1))
    with pytest.raises(Refused, match="days_backward"):
        Announcement.make(firm.ada, now(), now() - dt.timedelta(hours=1))
    with pytest.raises(Refused, match="day_in_past"):
        Announcement.make(firm.ada, now() - dt.timedelta(hours=2), now() - dt.timedelta(hours=1))


def test_the_daily_check_mails_the_administrators_once_and_raises(firm):
    daily.check(snapshot.folder(), snapshot.config()["SECRET_KEY"])
    invoice = firm.printed(price="10")
    blobs.path_of(invoice.pdf_sha256).unlink()
    for _ in range(2):
        with pytest.raises(daily.Faults, match=invoice.number):
            daily.check(snapshot.folder(), snapshot.config()["SECRET_KEY"])
    assert [
        m.recipient for m in Mail.select().where(Mail.template == "faults").order_by(Mail.id)
    ] == ["ada@firm.test"]


def test_the_page_reads_no_whole_table_and_not_the_file(firm, sign_in, monkeypatch):
    ada, read = sign_in(firm.ada), []
    monkeypatch.setattr(restore, "readable", read.append)
    firm.draft()
    asked = queries_of(ada, "/status/")
    assert len(asked) <= 25 and read == []
    assert not any('FROM "line"' in text for text, _line in asked)
    page = ada.get("/status/").text
    assert "Rows by table" not in page
    checks.verified(snapshot.folder(), snapshot.config()["SECRET_KEY"])
    page = ada.get("/status/").text
    assert re.search(r'class="mono">line</td><td class="num">1<', page)


def test_a_damaged_file_is_told_from_the_daily_check_or_as_soon_as_anybody_met_it(app, monkeypatch):
    def told():
        return [f for _n, code, _good, f in doctor.examine(False) if code == "database"][0]

    Lease.note("daily check", "Faults: INV-1: the total is not the sum of its lines")
    assert told() == {}
    Lease.note("daily check", f"Faults: {structure.DAMAGED}: row 2 missing from index")
    assert told()["failed"]
    Lease.note("daily check", "")
    assert told() == {}
    monkeypatch.setattr(disk, "database_is_damaged", lambda: True)
    assert told() == {"found": "integrity_check"}


@pytest.mark.parametrize("password, good", [("right", True), ("wrong", False)])
def test_the_doctor_signs_in_to_the_mail_server(app, firm, monkeypatch, password, good):
    controller = Controller(
        object(),
        hostname="127.0.0.1",
        port=free_port(),
        auth_require_tls=False,
        authenticator=lambda *given: AuthResult(
            success=given[-1].password == b"right", handled=False
        ),
    )
    controller.start()
    try:
        address = f"smtp://me:{password}@127.0.0.1:{controller.port}"
        monkeypatch.setitem(snapshot.config(), "SMTP_URL", address)
        Mail.delete().execute()
        facts = doctor._mail()
    finally:
        controller.stop()
    assert facts == {} if good else "SMTPAuthenticationError" in facts["found"]


def test_a_folder_that_another_user_made_is_named(app, firm, sign_in, monkeypatch):
    (snapshot.folder() / "scratch").mkdir(exist_ok=True)
    may = os.access
    monkeypatch.setattr(os, "access", lambda path, how: path.name != "scratch" and may(path, how))
    assert "t write to scratch" in sign_in(firm.ada).get("/status/").text
