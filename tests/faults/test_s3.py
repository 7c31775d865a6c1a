"""S3 goes away, fills up or hangs up in the middle of a backup or of a file: nothing half there,
told plainly, whole again afterwards."""

import contextlib
import io
from urllib.parse import urlsplit

import pytest

from models import printed
from models.adapters import blobs, stores
from models.adapters.outbox import Mail
from models.adapters.printing.pool import PdfFailed
from models.adapters.stores.s3 import s3_client
from models.archive import ExternalFile
from models.core.clock import now
from models.documents import Document
from models.operations import checks
from models.operations.backup import Backup, Place, run, snapshot
from models.printed import print_waiting
from tests import servers
from tests.faults.conftest import figure, seeded, times
from tests.faults.invariants import broken
from tests.faults.toll import Toll

pytestmark = pytest.mark.on_sqlite

KEY = "k" * 40
SCAN = b"<scan>" + b"abc" * 2000 + b"</scan>"


@pytest.fixture
def s3(monkeypatch):
    """A real S3 server behind the toll, and a bucket in it."""
    with servers.s3() as (address, bucket):
        behind = urlsplit(address)
        toll = Toll(behind.hostname, behind.port)
        toll.bucket = bucket
        yield toll
        toll.close()


@pytest.fixture
def trade(firm):
    firm.paper = firm.printed(price="1000")
    return firm


def place(firm, s3, tmp_path):
    other = Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "")
    there = Place.add(
        firm.ada, "far", "s3", {"endpoint": s3.url, "bucket": s3.bucket, "key_id": "k"}, "s"
    )
    with contextlib.closing(there.open()):  # set up and seen once
        pass
    return other, there


def manifests(s3):
    listing = s3_client(s3.url, "", "k", "s").list_objects_v2(Bucket=s3.bucket).get("Contents", ())
    return [row["Key"] for row in listing if row["Key"].endswith("manifest.json")]


@pytest.mark.parametrize("mode", times(["full"], ["full", "cut"]))
@pytest.mark.parametrize("after", times([2], range(6)))
def test_a_backup_that_breaks_off_is_none_and_the_next_is_whole(trade, s3, tmp_path, mode, after):
    other, there = place(trade, s3, tmp_path)
    s3.behave(mode, after)
    run.run_due()
    s3.behave("pass")
    there, other = Place.get_by_id(there.id), Place.get_by_id(other.id)
    assert there.trouble and other.trouble == "" and other.proven_at, (
        "the other place does not care"
    )
    assert (
        manifests(s3) == []
        and Backup.select().where(Backup.place == there.id, Backup.state == "kept").count() == 0
    )
    assert Mail.select().where(Mail.template == "backup_trouble").count() == 1
    Place.update(next_at=now()).where(Place.id == there.id).execute()
    run.run_due()
    there = Place.get_by_id(there.id)
    assert there.trouble == "" and there.proven_at and len(manifests(s3)) == 1
    assert broken(snapshot.folder(), KEY) == []


def test_a_line_that_breaks_once_in_the_middle_of_a_file_does_not_end_the_fetch(s3, tmp_path):
    """A restore of a large firm fetches a hundred thousand of them."""
    with contextlib.closing(
        stores.open_store(
            "s3", {"endpoint": s3.url, "bucket": s3.bucket, "key_id": "k"}, "s", begin=True
        )
    ) as store:
        (tmp_path / "one").write_bytes(SCAN)
        store.put("x", tmp_path / "one")
        s3.behave("torn once")
        store.get("x", tmp_path / "two")
    assert s3.mode == "pass" and (tmp_path / "two").read_bytes() == SCAN


def test_a_backup_that_is_torn_when_read_back_is_not_proven(trade, s3, tmp_path):
    _other, there = place(trade, s3, tmp_path)
    s3.behave("torn")
    run.run_due()
    s3.behave("pass")
    assert Place.get_by_id(there.id).trouble and not Place.get_by_id(there.id).proven_at
    run.run_due()
    assert Place.get_by_id(there.id).trouble, "before its time it is not tried again"


@pytest.fixture
def far(trade, s3, app):
    """The firm keeps its files in S3."""
    held = {sha: blobs.fetch(sha) for sha in blobs.listing()}
    blobs.use(app.config["DATA_DIR"], f"s3://k:s@{s3.bucket}/files?endpoint={s3.url}")
    for data in held.values():
        blobs.keep(data)
    yield trade
    blobs.use(app.config["DATA_DIR"])


@pytest.mark.parametrize("mode", times(["down"], ["full", "cut", "down"]))
def test_no_file_no_row_and_people_are_told(far, s3, sign_in, mode, monkeypatch):
    """While the storage takes nothing an upload gets 503 in plain words; an issue goes and its PDF
    can be read, but is kept only afterwards."""
    paper, browser = far.approved(price="10"), sign_in(far.li)
    before, last = (
        ExternalFile.select().count(),
        Document.select().where(Document.number.is_null(False)).count(),
    )
    s3.behave(mode)
    key = {"idempotency_key": "k" * 20}
    assert browser.post(f"/documents/{paper.id}/issue", data=key).status_code == 303
    answer = browser.post(
        "/archive/files/",
        data={
            **key,
            "idempotency_key": "f" * 20,
            "kind": "other",
            "customer": far.a.id,
            "file": (io.BytesIO(SCAN), "a.xml"),
        },
    )
    assert answer.status_code == 503 and "file storage does not respond" in answer.text
    with pytest.raises(PdfFailed):
        print_waiting()
    assert browser.get(f"/documents/{paper.id}/pdf").data.startswith(b"%PDF")
    assert Document.get_by_id(paper.id).being_printed
    if mode == "down":
        answer = browser.get(f"/documents/{far.paper.id}/pdf")
        assert answer.status_code == 503 and "file storage does not respond" in answer.text
        assert any(
            "does not" in text or "not checked" in text for text in checks.faults()
        ) and "is missing or was changed" not in "".join(checks.faults())
    s3.behave("pass")
    assert (
        ExternalFile.select().count() == before
        and Document.select().where(Document.number.is_null(False)).count() == last + 1
    )
    assert broken(snapshot.folder(), KEY, swept=False) == []
    monkeypatch.setattr(printed, "RETRY_SECONDS", -1)
    print_waiting()
    assert not Document.get_by_id(paper.id).being_printed
    assert (
        browser.post(
            "/archive/files/",
            data={
                **key,
                "idempotency_key": "l" * 20,
                "kind": "other",
                "customer": far.a.id,
                "file": (io.BytesIO(SCAN), "a.xml"),
            },
        ).status_code
        == 303
    )
    assert (
        browser.get(f"/documents/{far.paper.id}/pdf").data.startswith(b"%PDF")
        and broken(snapshot.folder(), KEY) == []
    )


def test_a_file_torn_on_the_way_is_not_shown(far, s3, sign_in):
    s3.behave("torn")
    assert sign_in(far.li).get(f"/documents/{far.paper.id}/pdf").status_code in (500, 503)
    s3.behave("pass")
    assert sign_in(far.li).get(f"/documents/{far.paper.id}/pdf").data.startswith(b"%PDF")
    figure(
        "S3 down, full, cut, torn in the middle of a backup, an issue, an upload and a "
        "download: nothing half there, told plainly, whole afterwards"
    )


def test_a_seeded_fault_is_caught(trade, s3, tmp_path, monkeypatch):
    """The manifest goes first: a backup that breaks off would pass for one."""
    real = run.upload_pack

    def hasty(store, pack, *args):
        store.put(f"backups/{pack.name}/manifest.json", pack.folder / "manifest.json")
        return real(store, pack, *args)

    monkeypatch.setattr(run, "upload_pack", hasty)
    place(trade, s3, tmp_path)
    s3.behave("full", 3)
    run.run_due()
    s3.behave("pass")
    seeded("a backup's manifest is written first", "S3 full", manifests(s3))
