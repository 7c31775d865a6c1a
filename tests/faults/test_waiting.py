"""Another writes for long: who saves meanwhile is soon told so, and everybody else goes on
reading, also while more forms wait than the server has threads."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from models.core.database import db
from models.people import Session
from tests.faults.load import Person, Server
from tests.support.databases import POSTGRES

FORMS, FEW = 20, 2  # seconds in which a page comes, also on a busy machine
LONGEST = 5 + FEW


@pytest.fixture
def portal(firm, tmp_path):
    db.close()
    server = Server(tmp_path, **({"DATABASE_URL": POSTGRES} if POSTGRES else {}))
    yield server
    server.kill()


@contextmanager
def long_write():
    """Held by a thread, as a transaction belongs to one."""
    begun, done = threading.Event(), threading.Event()

    def write():
        with db.connection_context(), db.atomic():
            begun.set()
            done.wait(60)

    thread = threading.Thread(target=write)
    thread.start()
    begun.wait(30)
    try:
        yield
    finally:
        done.set()
        thread.join()


def timed(ask):
    began = time.monotonic()
    return ask(), time.monotonic() - began


def test_forms_give_up_and_pages_are_read_at_once(portal, firm):
    people = [Person(portal.url, Session.start(firm.li), firm.a.id, 0) for _ in range(FORMS)]
    reader = Person(portal.url, Session.start(firm.wang), firm.a.id, 0)

    def post(n):
        name = f"Late {n} Ltd"
        return timed(lambda: people[n].post("/customers/new", name=name, terms_days="30"))

    with ThreadPoolExecutor(FORMS) as pool, long_write():
        began = time.monotonic()
        forms = [pool.submit(post, n) for n in range(FORMS)]
        asked = []
        while time.monotonic() - began < 3:
            for path in ("/healthz", "/documents/", "/customers/"):
                answer, took = timed(lambda path=path: reader.get(path))
                asked.append((path, answer.status_code, took))
            time.sleep(0.2)
        answers = [form.result() for form in forms]
    assert not [row for row in asked if row[1] != 200 or row[2] > FEW]
    assert {answer.status_code for answer, _took in answers} == {503}
    assert max(took for _answer, took in answers) < LONGEST
    assert sum(took > FEW for _answer, took in answers) < FORMS / 2
    for n, (answer, _took) in enumerate(answers):
        assert f'name="name" value="Late {n} Ltd"' in answer.text
    answer, _took = post(0)
    assert answer.status_code == 303


def test_a_form_without_words_can_be_sent_again(portal, firm):
    paper, person = firm.draft(), Person(portal.url, Session.start(firm.li), firm.a.id, 0)
    with long_write():
        answer = person.post(f"/documents/{paper.id}/submission", reason_code="")
    assert answer.status_code == 503
    assert f'action="/documents/{paper.id}/submission"' in answer.text
    assert 'name="reason_code" value=""' in answer.text


def test_many_who_save_at_once_are_all_served(portal, firm):
    people = [Person(portal.url, Session.start(firm.li), firm.a.id, 0) for _ in range(16)]

    def post_some(n):
        names = [f"{n} {i} Ltd" for i in range(5)]
        return [people[n].post("/customers/new", name=name, terms_days="30") for name in names]

    with ThreadPoolExecutor(16) as pool:
        answers = [answer for row in pool.map(post_some, range(16)) for answer in row]
    assert {answer.status_code for answer in answers} == {303}
