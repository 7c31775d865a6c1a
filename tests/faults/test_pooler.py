"""Behind PgBouncer in transaction mode each transaction may get another session of the server: none
of ours rests on what an earlier one left there."""

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from models.core.database import connect, db, waiting
from models.customers import Customer
from models.documents import Document
from models.people import Session
from tests.faults.conftest import flask
from tests.faults.load import KEY, Person, Server
from tests.support import required
from tests.support.databases import POSTGRES
from tests.web import free_port

pytestmark = pytest.mark.on_postgres
PEOPLE, ROUNDS = 8, 8  # more than psycopg's five, after which it would prepare a statement
SETTINGS = """
[databases]
* = host={host} port={port} user={user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
auth_type = any
pool_mode = transaction
default_pool_size = 3
unix_socket_dir =
"""


@pytest.fixture
def pooler(tmp_path):
    """The address of the database through PgBouncer."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    program or required.missing(required.PGBOUNCER)
    given, listen = psycopg.conninfo.conninfo_to_dict(POSTGRES), free_port()
    text = SETTINGS.format(
        host=given["host"], port=given["port"], user=given["user"], listen=listen
    )
    file = Path(tempfile.mkdtemp(prefix="danju-pgbouncer-"), "pgbouncer.ini")
    file.write_text(text)
    file.parent.chmod(0o755)
    # it refuses to run as root
    as_other = ["runuser", "-u", "nobody", "--"] if os.getuid() == 0 else []
    process = subprocess.Popen([*as_other, program, "-q", file])
    url = f"postgresql://{given['user']}@127.0.0.1:{listen}/{given['dbname']}"
    try:
        for _ in range(100):
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(url).close()
                break
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(file.parent)


def test_people_work_through_it(firm, tmp_path, pooler):
    people = [Session.start(firm.li) for _ in range(PEOPLE)]
    db.close()
    server = Server(tmp_path, DATABASE_URL=pooler)
    people = [Person(server.url, sid, firm.a.id, 0) for sid in people]

    def work(n):
        for i in range(ROUNDS):
            person = people[n]
            yield person.post("/customers/new", name=f"{n} {i} Pooled", terms_days="30").status_code
            yield person.post("/documents/", kind="quote", customer=firm.a.id).status_code
            yield person.get("/documents/").status_code
            yield person.get("/customers/?q=Pooled").status_code

    try:
        with ThreadPoolExecutor(PEOPLE) as pool:
            codes = {
                code for row in pool.map(lambda n: list(work(n)), range(PEOPLE)) for code in row
            }
        assert codes == {200, 303}
        assert Customer.select().where(Customer.name.endswith(" Pooled")).count() == PEOPLE * ROUNDS
        assert Document.select().count() == PEOPLE * ROUNDS
    finally:
        server.kill()
    told = flask("verify", data=tmp_path, DATABASE_URL=pooler, SECRET_KEY=KEY)
    assert "0 faults" in told.stdout, told.stdout + told.stderr


def test_how_long_one_waits_is_left_to_no_other(firm, pooler):
    db.close()
    connect(pooler)
    with db.connection_context(), waiting(1):
        Customer.update(phone="1").where(Customer.id == firm.a.id).execute()
        with db.atomic():
            assert db.execute_sql("SHOW lock_timeout").fetchone() == ("1ms",)
    with psycopg.connect(pooler, autocommit=True, prepare_threshold=None) as link:
        assert {link.execute("SHOW lock_timeout").fetchone() for _ in range(9)} == {("0",)}
    connect(POSTGRES)
