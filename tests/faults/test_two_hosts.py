"""Two hosts with separate data folders work on one PostgreSQL and one S3: what one begins the other
goes on with, and either may die."""

import io
import re
import time
import zipfile

import pytest
import requests
from pyrage import x25519

from models.adapters import blobs
from models.archive import Filing, YearPackage
from models.core.clock import now, today
from models.core.lease import Lease
from models.customers import Customer
from models.imports import Import
from models.operations.backup import Place, snapshot
from models.operations.backup.restore import place_of
from models.people import User
from tests import servers
from tests.faults.conftest import figure, flask
from tests.faults.load import KEY, Person, Server
from tests.models.test_imports import CUSTOMERS
from tests.models.test_sessions import GOOD
from tests.support.databases import POSTGRES
from tests.support.signing_in import TOKEN

pytestmark = pytest.mark.on_postgres
BACKUP_KEY = str(x25519.Identity.generate())


@pytest.fixture
def bucket():
    with servers.s3() as (address, name):
        yield (
            f"s3://k:s@{name}/danju?endpoint={address}",
            f"s3://k:s@{name}/copies?endpoint={address}",
        )


@pytest.fixture
def settings(bucket):
    return {"DATABASE_URL": POSTGRES, "FILES_URL": bucket[0], "BACKUP_KEY": BACKUP_KEY}


@pytest.fixture
def hosts(firm, tmp_path, settings):
    """Two, and this process as a third that only looks."""
    snapshot.config()["BACKUP_KEY"] = BACKUP_KEY
    blobs.use(tmp_path, settings["FILES_URL"])
    for person in (firm.fang, firm.zhao):
        person.set_password(GOOD, by=person)
        person.revise(firm.ada, language="en")
    invoice = firm.printed(price="1000")
    Filing.file_document(firm.zhao, invoice)
    running = [Server(tmp_path / name, **settings) for name in ("one", "other")]
    yield running
    [host.kill() for host in running]
    blobs.use(tmp_path)


class Browser(Person):
    """Someone who signs in at one host and is sent to another by the balancer."""

    def __init__(self, host, email):
        self.url, self.patient, self.odd, self.http = host.url, False, [], requests.Session()
        page = self.http.get(f"{self.url}/sign-in", timeout=30).text
        token = TOKEN.search(page)[0]
        fields = {"email": email, "password": GOOD, "csrf_token": token}
        answer = self.http.post(f"{self.url}/sign-in", data=fields, allow_redirects=False)
        assert answer.status_code == 303

    def at(self, host):
        self.url = host.url
        token = TOKEN.search(self.http.get(f"{self.url}/", timeout=30).text)[0]
        self.http.headers["X-CSRFToken"] = token
        return self


def until(what, seconds=30):
    ends = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.1)
    return found


def test_what_one_host_begins_the_other_goes_on_with(firm, hosts, bucket, tmp_path, settings):
    one, other = hosts
    began = time.monotonic()

    # signed in at one, at work on the other
    fang = Browser(one, firm.fang.email).at(other)
    assert fang.get("/customers/").status_code == 200

    # an import that is brought to one, checked and started at the other
    before = Customer.select().count()
    sent = fang.at(one).post(
        "/imports/", target="customers", files={"file": ("客户.csv", CUSTOMERS.encode())}
    )
    row = Import.get()
    assert sent.headers["Location"] == f"/imports/{row.id}"
    columns = {f"column-{column}": field for column, field in row.mapping.items()}
    fang.at(other).post(f"/imports/{row.id}/check", key="code", **columns)
    until(lambda: "All 2 rows are valid." in fang.at(one).get(f"/imports/{row.id}").text)
    fang.at(other).post(f"/imports/{row.id}/start")
    assert fang.at(one).get("/customers/").status_code == 200
    until(lambda: "The import is done." in fang.get(f"/imports/{row.id}").text)
    assert Customer.select().count() == before + 2

    # a package that one is asked for lies on both
    zhao = Browser(one, firm.zhao.email).at(one)
    made = zhao.post("/archive/packages/", year=str(today().year)).headers["Location"]
    until(lambda: YearPackage.get().state == "done")
    for host in hosts:
        zipped = zhao.at(host).get(f"{made}/zip")
        assert zipped.headers["Content-Length"] == str(YearPackage.get().size)
        assert zipfile.ZipFile(io.BytesIO(zipped.content)).testzip() is None

    # a place for backups; whichever host fills it uses the one key
    kind, there, secret = place_of(bucket[1])
    Place.add(firm.ada, "copies", kind, there, secret)
    until(lambda: Place.get().proven_at, 60)
    assert Place.get().trouble == ""

    # the host with the clock dies; the other takes it over when the lease has run out
    holder = Lease.get(Lease.name == "scheduler").holder
    dies = next(host for host in hosts if holder.startswith(f"{host.process.pid}-"))
    lives = one if dies is other else other
    dies.kill()
    Lease.update(until=now()).where(Lease.name == "scheduler").execute()
    until(lambda: Lease.get(Lease.name == "scheduler").holder.startswith(f"{lives.process.pid}-"))
    assert fang.at(lives).get("/customers/").status_code == 200

    # restored on the host that died, from the place alone; the anchors of both still hold
    fang.post(f"/customers/{firm.a.id}/notes", text="after the backup")
    lives.stop()
    dead, alive = (tmp_path / ("one" if host is one else "other") for host in (dies, lives))
    (tmp_path / "key").write_text(BACKUP_KEY)
    words = "restore", bucket[1], "--key", tmp_path / "key", "--replace"
    done = flask(*words, data=dead, SECRET_KEY=KEY, **settings)
    assert "restored and proven equal" in done.stdout, done.stdout + done.stderr
    assert User.get_by_id(firm.fang.id).email == firm.fang.email
    done = flask("verify", data=alive, SECRET_KEY=KEY, **settings)
    assert done.stdout.endswith("0 faults\n"), done.stdout + done.stderr
    figure(f"two hosts on PostgreSQL and S3: {time.monotonic() - began:.0f} s")


def test_one_host_serves_and_another_works(firm, hosts, tmp_path, settings):
    """What is brought to a host that does not work is done by one that only works, soon."""
    [host.kill() for host in hosts]
    Lease.update(until=now()).execute()
    web = Server(tmp_path / "web", **settings, WORK="no")
    hosts.append(web)
    fang = Browser(web, firm.fang.email).at(web)
    fang.post("/imports/", target="customers", files={"file": ("客户.csv", CUSTOMERS.encode())})
    row = Import.get()
    columns = {f"column-{column}": field for column, field in row.mapping.items()}
    fang.post(f"/imports/{row.id}/check", key="code", **columns)
    time.sleep(2)
    assert not Lease.running("scheduler") and Import.get().state == "checking"
    worker = Server(tmp_path / "worker", **settings, WORK="only")
    hosts.append(worker)
    until(lambda: "All 2 rows are valid." in fang.get(f"/imports/{row.id}").text)
    assert Lease.get(Lease.name == "scheduler").holder.startswith(f"{worker.process.pid}-")
    fang.post(f"/imports/{row.id}/start")  # nothing wakes the worker
    until(lambda: "The import is done." in fang.get(f"/imports/{row.id}").text, 15)


def test_a_host_without_the_keys_does_not_start(firm, app, tmp_path, settings):
    snapshot.config()["BACKUP_KEY"] = BACKUP_KEY
    Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "")
    done = flask("serve", data=tmp_path / "third", **{**settings, "SECRET_KEY": "", "LANG": "zh"})
    assert done.returncode == 1 and "(secret_key_missing)" in done.stderr, done.stderr
    assert "SECRET_KEY_FILE" in done.stderr and "密钥" in done.stderr
    assert not (tmp_path / "third" / "secret_key").exists()


def test_the_code_of_setup_is_the_same_on_each_host(app, tmp_path, settings):
    running = [Server(tmp_path / name, **settings) for name in ("one", "other")]
    codes = {(tmp_path / name / "setup_code").read_text() for name in ("one", "other")}
    [host.kill() for host in running]
    assert len(codes) == 1 and re.fullmatch("[0-9a-f]{16}", codes.pop())
