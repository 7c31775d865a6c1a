"""What a monitor learns."""

import datetime as dt

import pytest

from config import VERSION
from models.adapters import outbox
from models.adapters.outbox import Mail
from models.archive.inspection import Inspection
from models.core.clock import now
from models.core.database import Postgres, db
from models.core.lease import Lease
from models.operations.backup import Place, snapshot
from models.people import User


def test_all_is_well(app, firm, client):
    answer = client.get("/healthz")
    assert (
        answer.status_code == 200
        and answer.json["database"] == "ok"
        and answer.json["version"] == VERSION
        and answer.json["schema"] >= "0001_baseline"
    )
    assert answer.json["disk_free_mb"] > 0 and answer.json["scheduler"] == "not running"


def queue_a_mail():
    Mail.enqueue("k", to="x@a.test", template="sign_in", language="en", context={})


LONG_AGO = dt.datetime(2026, 1, 1)


def place():
    admin = User.with_role("admin")[0]
    return Place.add(admin, "disk", "folder", {"path": f"{snapshot.folder()}-disk"}, "")


def age_of_proof():
    Place.update(proven_at=LONG_AGO).execute()


def archive_tests(state, **result):
    Inspection.create(state=state, at=now(), finished_at=now(), **result)


DEGRADED = {
    "no scheduler": lambda: Lease.delete().where(Lease.name == "scheduler").execute(),
    "a lease that ran out": lambda: Lease.update(until=now()).execute(),
    "a lease in the future": lambda: Lease.update(until=now() + dt.timedelta(days=1)).execute(),
    "a job failed": lambda: Lease.note("daily check", "Faults: one"),
    "a mail failed": lambda: (queue_a_mail(), Mail.update(state="failed").execute()),
    "a backup failed": lambda: place().mark_failed("it cannot be restored"),
    "no backup was proven for long": lambda: (place().mark_kept(LONG_AGO, False), age_of_proof()),
    "the archive tests failed": lambda: archive_tests("failed", error="it stopped"),
    "the archive tests found something": lambda: archive_tests("done", counts={"integrity": 2}),
    "no mail server": lambda: (queue_a_mail(), outbox._settings.update(url="")),
}


@pytest.mark.parametrize("what", [None, *DEGRADED])
def test_what_somebody_must_look_at_is_degraded_and_503_for_a_strict_monitor(
    app, firm, client, server, what
):
    Mail.delete().execute()
    Lease.hold("scheduler", "one")
    if what:
        DEGRADED[what]()
    answers = client.get("/healthz"), client.get("/healthz?strict")
    assert [a.status_code for a in answers] == [200, 503 if what else 200]
    assert {a.json["status"] for a in answers} == {"degraded" if what else "ok"}
    named = {key: answers[0].json[key] for key in ("backups", "archive") if what}
    if what and ("backup" in what or "archive" in what):
        assert sorted(named.values()) != ["ok", "ok"]


@pytest.mark.parametrize("state, words", [("failed", "it stopped"), ("done", "2")])
def test_the_status_page_names_what_the_archive_tests_found(firm, sign_in, state, words):
    browser, good = sign_in(firm.ada), "Archive tests passed"
    archive_tests("failed", error="earlier")
    archive_tests("waiting")
    assert "earlier" in row_of(browser, good)
    archive_tests(state, error="it stopped", counts={"integrity": 2, "safety": 0})
    assert words in row_of(browser, good) and "earlier" not in row_of(browser, good)
    archive_tests("done", counts={"integrity": 0})
    assert "it stopped" not in row_of(browser, good)


def row_of(browser, title):
    return next(r for r in browser.get("/status/").text.split("<tr") if title in r)


@pytest.mark.asvs("16.5.2")
def test_a_database_that_does_not_answer_is_told_as_503(app, firm, client, monkeypatch):
    db.close()
    with monkeypatch.context() as patch:
        patch.setattr(db, "obj", Postgres("danju", host="127.0.0.1", port=9))
        answer = client.get("/healthz")
    assert answer.status_code == 503 and answer.json["database"] == "down"


def spoil(table):
    """Overwrite a page of the database file: the first of the table, or where it is None, of the
    file."""
    number = db.execute_sql(
        "SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)
    ).fetchone()
    size = db.execute_sql("PRAGMA page_size").fetchone()[0]
    db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    with open(db.obj.database, "r+b") as file:
        file.seek((number[0] - 1) * size if number else 0)
        file.write(b"\xff" * size)


@pytest.mark.on_sqlite
@pytest.mark.parametrize("table, code", [("lease", 503), ("document", 200), (None, 503)])
def test_a_torn_page_of_the_database_is_degraded(app, firm, client, sign_in, server, table, code):
    """As soon as anybody met it."""
    firm.draft()  # an empty list is told from an index alone
    Lease.hold("scheduler", "one")
    browser = sign_in(firm.li)
    spoil(table)
    page = browser.get("/documents/")
    assert page.status_code == 200 if table == "lease" else page.status_code == 503
    assert table == "lease" or "database is damaged" in page.text
    answers = client.get("/healthz"), client.get("/healthz?strict")
    assert [a.status_code for a in answers] == [code, 503]
    assert {(a.json["status"], a.json["database"]) for a in answers} == {("degraded", "damaged")}


def test_the_demo_offers_its_accounts_wherever_one_lands(app, client):
    from models.company import Company
    from models.operations import first_firm

    first_firm.begin("示范", "zh", "CNY", "Ada", "admin@demo.test", "correct horse battery")
    Company.update(demo=True).execute()
    assert (
        "admin@demo.test" in client.get("/").text
        and "admin@demo.test" in client.get("/sign-in").text
    )
    english = {"Accept-Language": "en"}
    client.post(
        "/sign-in",
        data={"email": "admin@demo.test", "password": "correct horse battery"},
        headers=english,
    )
    assert "Documents" in client.get("/documents/", headers=english).text  # as its door was read
    client.post("/sign-out")
    Company.update(demo=False).execute()
    assert "admin@demo.test" not in client.get("/").text
