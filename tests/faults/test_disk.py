"""The disk fills up, or turns read-only, under the working server: people are told in plain words,
read on, and lose nothing."""

import contextlib
import datetime as dt
import re
import secrets
import subprocess
import time
from pathlib import Path

import pytest
import requests

from models import printed
from models.core.database import db
from tests.faults.conftest import LONG, figure, seeded
from tests.faults.invariants import broken
from tests.faults.load import KEY, Person, Server, begin
from tests.support import required

pytestmark = pytest.mark.on_sqlite

FULL = {"en": "server disk is full", "zh": "服务器磁盘已满"}
NEARLY_FULL = "disk of the server is nearly full", "服务器磁盘将满"  # files are refused before
FIXED = {"en": "server disk is read-only", "zh": "目前无法写入"}


def mounted(kind, where, source="none", options=""):
    where.mkdir(exist_ok=True)
    try:
        subprocess.run(
            [
                "mount",
                *(["-t", kind] if kind else []),
                "-o",
                options or "defaults",
                str(source),
                str(where),
            ],
            check=True,
            capture_output=True,
        )
    except (OSError, subprocess.CalledProcessError):
        required.missing(required.MOUNT)


def unmounted(where):
    for server in list(Server.running):
        server.kill()
    subprocess.run(["umount", str(where)], check=False, capture_output=True)


@pytest.fixture
def small(tmp_path):
    """A disk of sixteen megabytes with a firm on it."""
    where = tmp_path / "data"
    mounted("tmpfs", where, options="size=16m")
    yield begin(where)
    unmounted(where)


class Ballast:
    def __init__(self, folder):
        self.path = folder / "lost+found"

    def put(self):
        """Take the last byte, and each that comes free."""
        with open(self.path, "ab", buffering=0) as out:
            for size in (2**16, 4096, 512, 1):
                try:
                    while out.write(b"\0" * size) == size:
                        pass
                except OSError:
                    pass

    def away(self):
        self.path.unlink()


def clerk(server, app, language, sid=None):
    person = Person(server.url, sid or app.sids[0], app.customers[0], app.tax)
    person.http.cookies.set("language", language)
    return person


def invoice(person):
    """One that is issued, and what its PDF holds."""
    made = person.post("/documents/", kind="invoice", customer=person.customer)
    ident = int(re.search(r"/documents/(\d+)", made.headers["Location"]).group(1))
    person.post(
        f"/documents/{ident}/edit",
        **{
            "version": "1",
            "contact": "0",
            "terms_days": "30",
            "currency": "CNY",
            "language": "zh",
            "rows": "",
            "line-name": "钢笔",
            "line-quantity": "2",
            "line-unit": "支",
            "line-price": "10",
            "line-tax": person.tax,
            "line-code": "",
            "line-note": "",
            "line-discount": "",
            "line-product": "",
            "line-source": "",
        },
    )
    person.post(f"/documents/{ident}/submission")
    return ident


def deeds(person, ident):
    """Every kind of deed, as [(what, mark, answer)]."""
    marks = [secrets.token_hex(8) for _ in range(3)]
    yield (
        "uploaded",
        marks[0],
        person.post(
            "/archive/files/",
            files={"file": ("a.xml", f"<scan>{secrets.token_hex(200000)}</scan>".encode())},
            kind="other",
            title=marks[0],
            customer=person.customer,
        ),
    )
    yield "issued", ident, person.post(f"/documents/{ident}/issue")
    yield (
        "paid",
        marks[1],
        person.post(
            "/payments/",
            customer=person.customer,
            currency="CNY",
            amount="1.00",
            reference=marks[1],
            keep="1",
        ),
    )
    yield "noted", marks[2], person.post(f"/customers/{person.customer}/notes", text=marks[2])


def refused_plainly(person, ident, words, must=()):
    """(done, refused): each deed either done or refused by 503 with the sentence."""
    done, refused = [], []
    for what, mark, answer in deeds(person, ident):
        if answer.status_code == 303 and what not in must:
            done.append((what, mark))
        else:
            said = [word for word in (words, *NEARLY_FULL) if word in answer.text]
            assert answer.status_code == 503 and said, (
                what,
                answer.status_code,
                answer.text[-1500:],
            )
            refused.append((what, mark))
    return done, refused


def judged(path, app, done, refused, swept=False):
    with app.app_context(), db.connection_context():
        return broken(
            path, KEY, done, [mark for what, mark in refused if what != "issued"], swept=swept
        )


def wait_until_printed(app):
    """The server's worker is done with what was issued, so that nobody writes while we judge."""
    with app.app_context(), db.connection_context():
        until = time.monotonic() + 45
        while printed.waiting():
            assert time.monotonic() < until
            time.sleep(0.2)


def reads_on(server, app, ident, words, language):
    """Staff and customer still read and download, and are told why nothing can be saved."""
    for sid, pages, pdf in (
        (
            app.sids[0],
            ("/documents/", f"/documents/{ident}", "/customers/", "/payments/"),
            f"/documents/{ident}/pdf",
        ),
        (
            app.anna,
            ("/portal/documents/", f"/portal/documents/{ident}"),
            f"/portal/documents/{ident}/pdf",
        ),
    ):
        http = requests.Session()
        http.cookies.update({"danju_sid": sid, "language": language})
        for page in pages:
            answer = http.get(server.url + page, timeout=30)
            assert answer.status_code == 200 and words in answer.text, (page, answer.status_code)
        answer = http.get(server.url + pdf, timeout=30)
        assert answer.status_code == 200 and answer.content.startswith(b"%PDF")


def signs_in(server, language):
    http = requests.Session()
    http.cookies.set("language", language)
    page = http.get(f"{server.url}/sign-in", timeout=30).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page).group(1)
    return http.post(
        f"{server.url}/sign-in",
        data={"csrf_token": token, "email": "ada@firm.test", "password": "correct horse battery"},
        allow_redirects=False,
        timeout=30,
    )


def newcomer_reads(server, ident, words, language):
    """Who is not signed in yet signs in all the same, and reads."""
    answer = signs_in(server, language)
    assert answer.status_code == 303, answer.text[-1500:]
    page = requests.get(
        f"{server.url}/documents/{ident}",
        cookies={"danju_sid": answer.cookies["danju_sid"], "language": language},
        timeout=30,
    )
    assert page.status_code == 200 and words in page.text


def filled(small, language, seed=""):
    """Fill the disk under the server, try everything, free it; returns (server, person, done,
    refused, number)."""
    path, app = small
    server, ballast = Server(path, seed), Ballast(path)
    person = clerk(server, app, language)
    ident, later = invoice(person), invoice(person)
    assert person.post(f"/documents/{ident}/issue").status_code == 303
    done, refused = [("issued", ident)], []
    for _ in range(60):  # what SQLite's log still has room for is done; then nothing more is
        ballast.put()
        more, no = refused_plainly(person, later, FULL[language])
        done, refused = done + more, refused + no
        if len(no) >= 3:
            break
    assert {what for what, _ in refused} >= {"uploaded", "paid", "noted"}
    return server, person, ballast, done, refused, ident


@pytest.mark.parametrize("language", ["en", "zh"] if LONG else ["zh"])
def test_a_full_disk_is_told_and_nothing_is_half_done(small, language):
    path, app = small
    server, person, ballast, done, refused, ident = filled(small, language)
    try:
        reads_on(server, app, ident, FULL[language], language)
        newcomer_reads(server, ident, FULL[language], language)
        assert (
            requests.get(f"{server.url}/healthz", timeout=9).json()["status"]
            == "nothing can be written: disk full"
        )
        assert judged(path, app, done, refused) == []
        ballast.away()
        assert signs_in(server, language).status_code == 303
        again = [
            (what, mark)
            for what, mark, answer in deeds(person, invoice(person))
            if answer.status_code == 303
        ]
        assert len(again) == 4
        assert FULL[language] not in person.get("/documents/").text
        wait_until_printed(app)
        assert judged(path, app, done + again, refused) == []
        lived(server, path, app)
    finally:
        server.kill()
    figure(
        f"disk full ({language}): {len(refused)} deeds refused in plain words, "
        f"{len(done)} done in what room was left, all well after space was freed"
    )


def lived(server, path, app):
    """The scheduler outlived it: it renews its lease of two minutes, and no job is in trouble."""
    from models.core.lease import Lease

    until = time.monotonic() + 25
    while time.monotonic() < until:
        with app.app_context(), db.connection_context():
            from models.core.clock import at, now

            with at(now() + dt.timedelta(seconds=108)):
                fresh = Lease.running("scheduler")
            if fresh and not Lease.troubles().where(Lease.name == "job deliver mail").exists():
                return
        time.sleep(0.5)
    raise AssertionError("the scheduler did not outlive the full disk")


@pytest.mark.full
@pytest.mark.parametrize(
    "seed, says, look",
    [
        ("halves_left", "a half-written file is left on a full disk", "no row speaks of it"),
        ("disk_not_named", "a full disk is not told from other falls", "500"),
    ],
)
def test_a_seeded_fault_is_caught(small, seed, says, look):
    path, app = small
    try:
        server, _person, _ballast, done, refused, _ident = filled(small, "en", seed)
    except AssertionError as error:
        return seeded(says, "disk full", [str(error).splitlines()[0]] if look in str(error) else [])
    server.kill()
    seeded(says, "disk full", [text for text in judged(path, app, done, refused) if look in text])


@pytest.fixture
def fragile(tmp_path):
    """An ext4 that turns read-only when it meets an error, as disks do."""
    image, where = tmp_path / "disk.img", tmp_path / "data"
    with open(image, "wb") as file:
        file.truncate(200 << 20)
    subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True, capture_output=True)
    mounted("", where, image, "loop,errors=remount-ro")
    device = Path(
        subprocess.run(
            ["findmnt", "-no", "SOURCE", str(where)], check=True, capture_output=True, text=True
        ).stdout.strip()
    ).name
    trigger = Path(f"/sys/fs/ext4/{device}/trigger_fs_error")
    trigger.exists() or required.missing(required.READ_ONLY)
    yield image, begin(where), trigger
    unmounted(where)


@pytest.mark.full
def test_a_disk_that_turns_read_only_is_read_on(fragile):
    image, (path, app), trigger = fragile
    server = Server(path)
    person = clerk(server, app, "zh")
    ident, later = invoice(person), invoice(person)
    assert person.post(f"/documents/{ident}/issue").status_code == 303
    with contextlib.suppress(OSError):
        trigger.write_text("1")
    try:
        _, refused = refused_plainly(
            person, later, FIXED["zh"], must=("uploaded", "issued", "paid", "noted")
        )
        reads_on(server, app, ident, FIXED["zh"], "zh")
        newcomer_reads(server, ident, FIXED["en"], "en")
        assert judged(path, app, [("issued", ident)], refused) == []
    finally:
        server.kill()
    unmounted(path)
    mounted("", path, image, "loop,ro,noload")  # as after a restart of the machine
    server = Server(path)
    try:
        person = clerk(server, app, "en")
        refused += refused_plainly(
            person, later, FIXED["en"], must=("uploaded", "issued", "paid", "noted")
        )[1]
        reads_on(server, app, ident, FIXED["en"], "en")
    finally:
        server.kill()
    unmounted(path)
    subprocess.run(["e2fsck", "-fy", str(image)], check=False, capture_output=True)
    mounted("", path, image, "loop")
    server = Server(path)
    try:
        person = clerk(server, app, "en")
        done = [
            (what, mark) for what, mark, answer in deeds(person, later) if answer.status_code == 303
        ]
    finally:
        server.stop()
    assert len(done) == 4 and judged(path, app, [("issued", ident), *done], refused) == []
    unmounted(path)
    mounted(
        "", path, image, "loop,ro"
    )  # shut down in order, then the disk is mounted read-only: there is no -shm any more
    server = Server(path)
    try:
        clerk(server, app, "en").post(f"/customers/{app.customers[0]}/notes", text="x")
        reads_on(server, app, ident, FIXED["en"], "en")
    finally:
        server.kill()
    figure(
        "disk read-only: turned so under the server, after a restart, and after an "
        "orderly stop: all read and download, every write refused in plain words, "
        "nothing lost"
    )
