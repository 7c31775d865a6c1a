"""The same backup and restore against a real S3, SFTP and WebDAV server on this machine."""

import hashlib
import html
import json
import os
import shutil
from contextlib import closing

import paramiko
import pytest

from models.adapters import blobs, stores
from models.adapters.outbox import Mail
from models.adapters.stores.s3 import s3_client
from models.core.errors import Refused
from models.documents import Document
from models.operations import checks, moving
from models.operations.backup import Backup, Place, keys, restore, run, snapshot
from tests import servers
from views.refusals.troubles import place_trouble


@pytest.fixture
def s3():
    with servers.s3() as told:
        yield told


@pytest.fixture
def sftp(tmp_path):
    (tmp_path / "sftp").mkdir()
    with servers.sftp(tmp_path / "sftp") as state:
        yield state


@pytest.fixture
def webdav(tmp_path):
    (tmp_path / "dav").mkdir()
    with servers.webdav(tmp_path / "dav") as address:
        yield address


@pytest.fixture(params=["s3", "sftp", "webdav"])
def there(request):
    """(kind, settings, secret) of a place on a real server."""
    server = request.getfixturevalue(request.param)
    if request.param == "s3":
        return (
            "s3",
            {"endpoint": server[0], "bucket": server[1], "prefix": "a/b", "key_id": "k"},
            "secret",
        )
    if request.param == "sftp":
        return (
            "sftp",
            {
                "host": "127.0.0.1",
                "port": str(server["port"]),
                "user": "danju",
                "path": "/backups/firm",
            },
            "secret",
        )
    return "webdav", {"url": f"{server}", "user": "danju"}, "secret"


def test_a_firm_comes_back_from_each_kind_of_place(firm, there):
    invoice = firm.printed(price="20000")
    paper = blobs.fetch(invoice.pdf_sha256)
    place = Place.add(firm.ada, "far", *there)
    run.run_due()
    assert Place.get_by_id(place.id).trouble == ""
    backup = Backup.get()
    assert backup.state == "kept" and backup.proven_at and backup.new_files == 1
    firm.printed(price="10")
    Place.get_by_id(place.id).ask(firm.ada)
    run.run_due()
    assert [b.new_files for b in Backup.select().order_by(Backup.id)] == [1, 1]
    for sha in list(blobs.listing()):
        blobs.path_of(sha).unlink()
    with closing(Place.get().open()) as store:
        restore.restore(
            store, restore.chosen(store, backup.name), keys.load(snapshot.folder()), replace=True
        )
    assert Document.select().count() == 1 and blobs.fetch(invoice.pdf_sha256) == paper
    assert checks.faults(snapshot.folder(), snapshot.config()["SECRET_KEY"]) == []


def test_an_object_is_listed_fetched_replaced_and_deleted(tmp_path, there):
    with closing(stores.open_store(*there, begin=True)) as store:
        (tmp_path / "one").write_bytes(b"1" * 70000)
        store.put("files/ab/x.age", tmp_path / "one")
        store.put("files/ab/x.age", tmp_path / "one")
        assert store.list("files/") == {"files/ab/x.age": 70000} and store.list("backups/") == {}
        store.get("files/ab/x.age", tmp_path / "two")
        assert (
            hashlib.sha256((tmp_path / "two").read_bytes()).digest()
            == hashlib.sha256(b"1" * 70000).digest()
        )
        store.delete("files/ab/x.age")
        store.delete("files/ab/x.age")
        assert store.list("files/") == {}
        with pytest.raises(stores.Missing):
            store.get("files/ab/x.age", tmp_path / "three")


def test_a_pruned_backup_leaves_no_empty_folder_behind(tmp_path):
    with closing(
        stores.open_store("folder", {"path": str(tmp_path / "disk")}, begin=True)
    ) as store:
        (tmp_path / "one").write_bytes(b"1")
        for name in ("a/manifest.json", "a/dump.age", "b/dump.age"):
            store.put(f"backups/{name}", tmp_path / "one")
        store.delete("backups/a/manifest.json")
        assert set(store.list("backups/")) == {"backups/a/dump.age", "backups/b/dump.age"}
        store.delete("backups/a/dump.age")
        store.delete("backups/a/dump.age")
        assert [p.name for p in (tmp_path / "disk" / "backups").iterdir()] == ["b"]


@pytest.mark.parametrize(
    "size, asked",
    [
        (70_000, ["PutObject", "GetObject"]),
        (
            9 << 20,
            [
                "CreateMultipartUpload",
                "UploadPart",
                "UploadPart",
                "CompleteMultipartUpload",
                "GetObject",
                "HeadObject",
                "GetObject",
                "GetObject",
            ],
        ),
    ],
)
def test_a_small_object_takes_one_request_each_way_on_s3_and_a_large_one_goes_in_parts(
    tmp_path, s3, size, asked
):
    seen = []
    with closing(
        stores.open_store(
            "s3", {"endpoint": s3[0], "bucket": s3[1], "key_id": "k"}, "secret", begin=True
        )
    ) as store:
        store.client.meta.events.register(
            "before-send.s3", lambda event_name, **_: seen.append(event_name.split(".")[-1])
        )
        (tmp_path / "one").write_bytes(os.urandom(size))
        store.put("x", tmp_path / "one")
        store.get("x", tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert sorted(seen) == sorted(asked)


@pytest.mark.parametrize(
    "change", [{"port": "1"}, {"endpoint": "http://127.0.0.1:1"}, {"url": "http://127.0.0.1:1/"}]
)
def test_a_server_that_is_down_is_told(there, change):
    kind, settings, secret = there
    if set(change) & set(settings):
        with pytest.raises(stores.Unreachable):
            stores.open_store(kind, {**settings, **change}, secret, begin=True)


@pytest.mark.parametrize("kind", ["sftp", "webdav"])
def test_a_wrong_password_is_told(request, kind, firm):
    server = request.getfixturevalue(kind)
    settings = (
        {"host": "127.0.0.1", "port": str(server["port"]), "user": "danju", "path": "/b"}
        if kind == "sftp"
        else {"url": server, "user": "danju"}
    )
    place = Place.add(firm.ada, "far", kind, settings, "wrong")
    run.run_due()
    assert Place.get_by_id(place.id).trouble and not Place.get_by_id(place.id).begun


@pytest.mark.parametrize(
    "kind, change, secret, says, zh",
    [
        ("s3", {"endpoint": "http://127.0.0.1:1"}, "s", "does not respond", "没有回应"),
        ("s3", {"bucket": "none"}, "s", "no such bucket", "没有这个存储桶"),
        ("sftp", {"port": "1"}, "secret", "does not respond", "没有回应"),
        ("sftp", {}, "wrong", "not accepted", "不被接受"),
        ("sftp", {"host": "nowhere.invalid"}, "secret", "does not respond", "没有回应"),
        ("webdav", {"url": "http://127.0.0.1:1/"}, "secret", "does not respond", "没有回应"),
        ("webdav", {}, "wrong", "not accepted", "不被接受"),
        ("webdav", {"nope": ""}, "secret", "no such bucket or folder", "没有这个存储桶"),
        ("folder", {"path": "/proc/nowhere"}, "", "no such bucket or folder", "没有这个存储桶"),
    ],
)
def test_why_a_place_failed_is_said_in_the_readers_language_and_in_the_machines_words(
    request, app, firm, sign_in, kind, change, secret, says, zh
):
    server = request.getfixturevalue(kind) if kind != "folder" else None
    settings = {
        "s3": lambda: {"endpoint": server[0], "bucket": server[1], "key_id": "k"},
        "sftp": lambda: {
            "host": "127.0.0.1",
            "port": str(server["port"]),
            "user": "danju",
            "path": "/b",
        },
        "webdav": lambda: {
            "url": server + ("nope/" if change == {"nope": ""} else ""),
            "user": "danju",
        },
        "folder": dict,
    }[kind]()
    Place.add(firm.ada, "far", kind, {**settings, **change}, secret)
    run.run_due()
    raw = Place.get().trouble
    browser = sign_in(firm.ada)
    for page in ("/", "/backups/"):
        text = html.unescape(browser.get(page).text)
        assert says in text and raw in text
    browser.post("/language", data={"language": "zh"})
    assert zh in browser.get("/").text
    letter = (
        Mail.get(Mail.template == "backup_trouble").compose().get_body(("plain",)).get_content()
    )
    assert (zh if firm.ada.language == "zh" else says) in letter and raw[:40] in letter


def test_a_wrong_key_of_s3_is_told_as_one(app, tmp_path):
    """A server that looks at keys, which that of the other tests does not."""
    with servers.rclone(tmp_path) as endpoint:
        for key, secret in (("firm-key", "wrong"), ("nobody", "firm-secret")):
            with pytest.raises(stores.Unreachable) as told:
                stores.open_store(
                    "s3",
                    {"endpoint": endpoint, "bucket": "firm", "key_id": key},
                    secret,
                    begin=True,
                )
            with app.test_request_context(headers={"Accept-Language": "en"}):
                assert "was not accepted" in place_trouble(str(told.value)), told.value


@pytest.mark.asvs("13.2.4")
def test_another_server_in_place_of_the_known_one_gets_nothing(sftp, firm):
    place = Place.add(
        firm.ada,
        "far",
        "sftp",
        {"host": "127.0.0.1", "port": str(sftp["port"]), "user": "danju", "path": "/b"},
        "secret",
    )
    run.run_due()
    assert Place.get_by_id(place.id).trouble == ""
    sftp["key"] = paramiko.RSAKey.generate(2048)
    Place.get_by_id(place.id).ask(firm.ada)
    run.run_due()
    assert "another key" in Place.get_by_id(place.id).trouble


@pytest.fixture
def in_s3(s3, tmp_path):
    """Kept files go to S3."""
    blobs.use(tmp_path, f"s3://k:secret@{s3[1]}/files?endpoint={s3[0]}")
    yield f"s3://k:secret@{s3[1]}/files?endpoint={s3[0]}"
    blobs.use(tmp_path)


def test_files_in_s3_are_kept_fetched_and_checked(firm, in_s3, s3):
    invoice = firm.printed(price="10")
    assert (
        blobs.fetch(invoice.pdf_sha256)[:4] == b"%PDF"
        and set(blobs.listing()) == {invoice.pdf_sha256}
        and checks.faults() == []
    )
    key = f"files/{invoice.pdf_sha256[:2]}/{invoice.pdf_sha256}"
    client = s3_client(s3[0], "", "k", "secret")
    client.put_object(Bucket=s3[1], Key=key, Body=b"other")
    with pytest.raises(blobs.Damaged):
        blobs.fetch(invoice.pdf_sha256)
    assert any(invoice.number in fault for fault in checks.faults())
    client.delete_objects(Bucket=s3[1], Delete={"Objects": [{"Key": key}]})
    with pytest.raises(blobs.Damaged):
        blobs.fetch(invoice.pdf_sha256)


def test_a_firm_with_files_in_s3_is_backed_up_and_restored(firm, in_s3, tmp_path):
    invoice = firm.printed(price="10")
    Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "")
    run.run_due()
    assert Place.get().trouble == ""
    blobs.shared_store().drop(invoice.pdf_sha256)
    with closing(Place.get().open()) as store:
        restore.restore(store, restore.chosen(store), keys.load(snapshot.folder()), replace=True)
    assert blobs.fetch(invoice.pdf_sha256)[:4] == b"%PDF"


def test_a_firm_moves_its_files_to_s3_with_proof(firm, s3, tmp_path):
    invoice = firm.printed(price="10")
    url = f"s3://k:secret@{s3[1]}/moved?endpoint={s3[0]}"
    assert moving.move(files=url)["sent"] == 1
    assert moving.move(files=url)["sent"] == 0 and not moving.moved()
    blobs.use(tmp_path, url)
    assert blobs.fetch(invoice.pdf_sha256)[:4] == b"%PDF"
    blobs.use(tmp_path)


def test_after_the_switch_the_old_place_only_says_that_it_moved(firm, s3, sign_in):
    browser = sign_in(firm.ada)
    assert browser.get("/").status_code == 200
    if os.environ.get("TEST_DATABASE_URL"):
        with pytest.raises(Refused, match="move_from_sqlite"):
            moving.move(files=f"s3://k:secret@{s3[1]}/m?endpoint={s3[0]}", switch=True)
        return
    moving.move(files=f"s3://k:secret@{s3[1]}/m?endpoint={s3[0]}", switch=True)
    answer = browser.get("/")
    assert answer.status_code == 503 and "moved" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "kind, one, same, other",
    [
        ("folder", {"path": "/mnt/a"}, {"path": "/mnt//x/../a/"}, {"path": "/mnt/b"}),
        (
            "s3",
            {"bucket": "b", "prefix": "p", "endpoint": "https://s"},
            {"bucket": "b", "prefix": "/p/", "endpoint": "https://S/", "key_id": "2"},
            {"bucket": "b", "prefix": "q", "endpoint": "https://s"},
        ),
        (
            "sftp",
            {"host": "h", "user": "u", "path": "/p"},
            {"host": "H", "port": "22", "user": "v", "path": "/p/"},
            {"host": "h", "port": "23", "user": "u", "path": "/p"},
        ),
        ("webdav", {"url": "https://h/p"}, {"url": "https://h/p/"}, {"url": "https://h/q"}),
    ],
)
def test_two_places_never_share_a_folder(firm, kind, one, same, other):
    first = Place.add(firm.ada, "first", kind, one, "")
    first.switch(firm.ada, False)
    with pytest.raises(Refused) as no:
        Place.add(firm.ada, "second", kind, same, "")
    assert no.value.code == "place_taken" and no.value.facts == {"name": "first"}
    second = Place.add(firm.ada, "second", kind, other, "")
    with pytest.raises(Refused):
        second.revise(firm.ada, "second", same, "", "daily", 3, {})
    first.revise(firm.ada, "first", one, "", "daily", 3, {})
    assert Place.select().count() == 2


def test_what_lies_there_under_another_key_is_never_let_go(firm, tmp_path):
    place = Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "")
    run.run_due()
    theirs = next((tmp_path / "disk" / "backups").iterdir())
    facts = json.loads((theirs / "manifest.json").read_text())
    strange = theirs.with_name("20200101T000000.000000Z-abcdefa")
    shutil.copytree(theirs, strange)
    (strange / "manifest.json").write_text(
        json.dumps(
            {**facts, "name": strange.name, "taken_at": "2020-01-01T00:00:00", "under": "f" * 16}
        )
    )
    place.ask(firm.ada)
    run.run_due()
    assert strange.exists() and not Backup.select().where(Backup.name == strange.name).exists()


@pytest.mark.asvs("1.3.6", "15.3.2")
@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("kind", ["webdav", "s3"])
def test_a_place_that_sends_on_elsewhere_is_not_followed(app, kind, code):
    with servers.redirecting(code) as (address, seen):
        settings = {
            "webdav": {"url": address, "user": "danju"},
            "s3": {"endpoint": address, "bucket": "firm", "key_id": "k"},
        }[kind]
        with pytest.raises(stores.Unreachable) as refused:
            stores.open_store(kind, settings, "secret", begin=True)
        assert seen and not [path for path in seen if "elsewhere" in path]
        with app.test_request_context(headers={"Accept-Language": "en"}):
            assert "another address" in place_trouble(str(refused.value)), refused.value
