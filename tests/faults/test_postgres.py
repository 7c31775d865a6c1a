"""The real PostgreSQL server hangs up, is away, or is cut off in the middle of a commit; one of two
portals on it dies."""

import random
import re
import time
from contextlib import closing

import psycopg
import pytest
import requests

from models.core.database import Gone, database_of, db
from models.payments import Payment
from models.people import Session
from tests.faults.conftest import count_of, figure, seeded
from tests.faults.invariants import broken, head
from tests.faults.load import KEY, Manager, Person, Server, Worker
from tests.faults.wire import Wire
from tests.support.databases import POSTGRES

pytestmark = pytest.mark.on_postgres
ROUNDS = count_of("FAULTS_KILLS", 1, 200)


@pytest.fixture
def wire():
    params = psycopg.conninfo.conninfo_to_dict(POSTGRES)
    with closing(Wire(params.get("host", "127.0.0.1"), int(params.get("port", 5432)))) as made:
        host, _, name = POSTGRES.rpartition("/")
        made.url = f"{host.partition('@')[0]}@127.0.0.1:{made.port}/{name}"
        yield made


@pytest.fixture
def portal(firm, app, tmp_path, wire, request):
    server = Server(tmp_path, getattr(request, "param", ""), DATABASE_URL=wire.url)
    yield server
    server.kill()


@pytest.fixture
def fang(portal, firm, app):
    """Takes payments, in English."""
    person = Person(portal.url, Session.start(firm.fang), firm.a.id, "")
    person.http.cookies.set("language", "en")
    return person


def style_sheet_of(page):
    return re.search(r'rel="stylesheet" href="([^"]+)"', page)[1]


def pay(fang, key, amount="7.00"):
    return fang.http.post(
        f"{fang.url}/payments/",
        data={
            "customer": fang.customer,
            "currency": "CNY",
            "amount": amount,
            "reference": "R-7",
            "idempotency_key": key,
        },
        allow_redirects=False,
        timeout=30,
    )


def test_a_server_that_was_started_anew_is_found_again(portal, fang):
    """Every thread of the portal has had its connection, and each must get another."""
    assert {fang.http.get(f"{portal.url}/payments/").status_code for _ in range(12)} == {200}
    with psycopg.connect(POSTGRES, autocommit=True) as link:
        link.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = "
            "current_database() AND pid <> pg_backend_pid()"
        )
    assert {fang.http.get(f"{portal.url}/payments/").status_code for _ in range(40)} == {200}
    assert fang.http.get(f"{portal.url}/healthz").json()["database"] == "ok"


def test_while_it_is_away_people_are_told_so_and_lose_nothing(portal, fang, wire):
    key = "k" * 20
    with wire.away():
        page = fang.http.get(f"{portal.url}/payments/")
        assert (
            page.status_code == 503
            and "The database is not responding" in page.text
            and "<link" in page.text
        )
        assert (
            "数据库"
            in requests.get(f"{portal.url}/payments/", headers={"Accept-Language": "zh"}).text
        )
        assert (
            requests.get(f"{portal.url}/static/danju.css").status_code == 200
            and requests.get(f"{portal.url}{style_sheet_of(page.text)}").status_code == 200
            and requests.get(f"{portal.url}/healthz").status_code == 503
        )
        told = pay(fang, key)
        assert (
            told.status_code == 503
            and 'value="7.00"' in told.text
            and key in told.text
            and "R-7" in told.text
        )
        piece = fang.http.get(f"{portal.url}/payments/", headers={"HX-Request": "true"})
        assert piece.status_code == 503 and piece.text.startswith(
            "The database is not responding. Please"
        )
    assert fang.http.get(f"{portal.url}/payments/").status_code == 200
    assert pay(fang, key).status_code == 303
    assert Payment.select().where(Payment.reference == "R-7").count() == 1


def test_a_transaction_that_finds_no_connection_says_that_it_is_away(wire):
    with wire.away(), pytest.raises(Gone), database_of(wire.url).atomic():
        pass


def test_what_was_kept_without_an_answer_is_not_done_twice(portal, fang, wire, app, tmp_path):
    """The line breaks between the server's commit and its answer: nobody here can know, the same
    form sent again does."""
    wire.cut_at(b"COMMIT")
    assert pay(fang, "c" * 20).status_code == 503
    assert pay(fang, "c" * 20).status_code == 303
    assert Payment.select().where(Payment.reference == "R-7").count() == 1
    portal.kill()
    assert broken(tmp_path, KEY, [("paid", "R-7")]) == []


@pytest.mark.parametrize("portal", ["key_forgotten"], indirect=True)
def test_a_form_that_is_done_twice_would_be_seen(portal, fang, wire):
    wire.cut_at(b"COMMIT")
    answers = [pay(fang, "c" * 20).status_code for _ in range(2)]
    count = Payment.select().where(Payment.reference == "R-7").count()
    seeded(
        "a form sent again is done again",
        "commit without an answer",
        answers == [503, 303] and count == 2 and f"R-7 is there {count} times",
    )


def test_two_portals_one_dies_the_database_hangs_up_on_the_other(firm, app, tmp_path, wire):
    """Four people work on two portals with one database and one folder of files."""
    marks, count, began = [], 0, time.monotonic()
    for _n in range(ROUNDS):
        done, refused, odd = two_portals(firm, tmp_path, wire)
        assert odd == [] and broken(tmp_path, KEY, done, refused, marks[-3:]) == []
        marks.append(head())
        count += len(done)
    assert db.execute_sql("SELECT COUNT(*) FROM payment").fetchone()[0] >= 2
    figure(
        "two portals on PostgreSQL, one killed, the other's line cut three times: "
        f"{ROUNDS} rounds, {count} deeds seen done, none lost, "
        f"{time.monotonic() - began:.0f} s"
    )


@pytest.mark.long
def test_without_the_queue_writers_stand_in_each_others_way(firm, app, tmp_path, wire):
    _done, _refused, odd = two_portals(firm, tmp_path, wire, "no_queue")
    seeded(
        "writers do not queue on PostgreSQL",
        "two portals",
        [o for o in odd if "answered 5" in o] or broken(tmp_path, KEY),
    )


def two_portals(firm, folder, wire, seed=""):
    """(done, refused, odd) of a while in which one portal is killed and the other's line to the
    database is cut now and then."""
    "sales" in firm.fang.roles or firm.fang.revise(firm.ada, roles=["finance", "sales"])
    sids = [Session.start(person) for person in (firm.fang, firm.fang, firm.fang, firm.wang)]
    one, other = [Server(folder, seed, DATABASE_URL=wire.url) for _ in range(2)]
    people = [
        (Worker, one, firm.a),
        (Worker, other, firm.b),
        (Worker, other, firm.a),
        (Manager, other, firm.a),
    ]
    people = [
        kind(server.url, sid, customer.id, str(firm.tax.id), patient=True)
        for (kind, server, customer), sid in zip(people, sids, strict=True)
    ]
    try:
        [person.start() for person in people]
        worked(people, random.randint(6, 14))
        one.kill()
        for _ in range(3):
            worked(people, random.randint(4, 8))
            time.sleep(random.random() * 0.2)
            wire.cut()
        worked(people, 8)
    finally:
        one.kill(), other.kill()
    [person.join(60) for person in people]
    return (
        [d for p in people for d in p.done],
        [r for p in people for r in p.refused],
        [o for p in people for o in p.odd],
    )


def worked(people, deeds):
    """So many more deeds were seen done."""
    before, until = sum(len(p.done) for p in people), time.monotonic() + 60
    while sum(len(p.done) for p in people) < before + deeds and any(p.is_alive() for p in people):
        assert time.monotonic() < until, "nothing is done any more"
        time.sleep(0.01)
