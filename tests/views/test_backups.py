"""What an administrator sees and does with backups, and how an empty portal is filled from one."""
import datetime as dt
import re
import time

import pytest

from models import blobs
from models.backup import Backup, Place, first_run, keys, run, snapshot
from models.base import db
from models.company import Company
from models.documents import Document
from tests.firm import KEY
from tests.valid_forms import PLACE


@pytest.fixture
def ada(firm, sign_in):
    return sign_in(firm.ada)


def test_the_home_page_says_what_is_wrong_with_the_backups(firm, ada, sign_in, tmp_path):
    assert "No backups are made yet." in ada.get("/").get_data(as_text=True)
    assert "No backups" not in sign_in(firm.li).get("/").get_data(as_text=True)
    Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "")
    run.run_due()
    page = ada.get("/").get_data(as_text=True)
    assert "not printed yet" in page and "Last backup proven by restoring it" in page and "No backups" not in page
    Place.get().fell("the disk is full")
    assert "the disk is full" in ada.get("/").get_data(as_text=True)


def test_a_place_is_added_filled_and_shown(firm, ada, tmp_path):
    answer = ada.post("/backups/places/new", data={**PLACE, "path": str(tmp_path / "disk"), "idempotency_key": KEY})
    assert answer.status_code == 303
    assert 'hx-trigger="every 2s"' in ada.get("/backups/").get_data(as_text=True)
    run.run_due()
    page = ada.get("/backups/").get_data(as_text=True)
    assert "every 2s" not in page and str(Backup.get().expires_on) in page
    piece = ada.get(f"/backups/places/{Place.get().id}/state", headers={"HX-Request": "true"}).get_data(as_text=True)
    same = lambda text: re.sub(r"\s+|value=\"[^\"]*\"", "", text)  # noqa: E731
    for part in piece.split('<div id="backups-made" hx-swap-oob="true">'):
        assert same(part) in same(page)


def test_the_list_below_follows_when_a_backup_ends(firm, ada, tmp_path):
    place = Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "")
    page = ada.get("/backups/").get_data(as_text=True)
    assert 'id="backups-made"' in page and "hx-swap-oob" not in page
    run.run_due()
    piece = ada.get(f"/backups/places/{place.id}/state", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert re.search(r'id="backups-made" hx-swap-oob="true">.*data-label="Proven at">2', piece, re.DOTALL)


def test_the_secret_of_a_place_never_comes_back(firm, ada):
    form = {**PLACE, "bucket": "b", "key_id": "k", "secret": "very secret", "idempotency_key": KEY}
    assert ada.post("/backups/places/new?kind=s3", data=form).status_code == 303
    place = Place.get()
    assert "very secret" not in ada.get(f"/backups/places/{place.id}/edit").get_data(as_text=True) + ada.get("/backups/").get_data(as_text=True)
    ada.post(f"/backups/places/{place.id}/edit", data={**form, "secret": "", "name": "renamed"})
    assert Place.get().name == "renamed" and keys.unseal(Place.get().secret, snapshot.config()["SECRET_KEY"]) == "very secret"


@pytest.mark.parametrize("kind, field", [("s3", "bucket"), ("sftp", "host"), ("webdav", "url")])
def test_a_place_without_what_its_kind_needs_comes_back(firm, ada, kind, field):
    good = {"bucket": "b", "host": "h", "user": "u", "path": "/p", "url": "https://x.test/"}
    answer = ada.post(f"/backups/places/new?kind={kind}", data={**PLACE, **good, field: "", "idempotency_key": KEY})
    assert answer.status_code == 422 and not Place.select().exists()


def test_the_sheet_is_shown_until_it_is_printed(firm, ada, tmp_path):
    Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "")
    key = str(keys.kept(snapshot.folder()))
    text = lambda: re.sub(r"\s", "", ada.get("/backups/sheet").get_data(as_text=True))  # noqa: E731
    assert key in text()
    assert ada.post("/backups/sheet/printed", data={"idempotency_key": KEY}).status_code == 303
    assert key not in text()


def test_a_switched_off_place_is_left_alone(firm, ada, tmp_path):
    place = Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "")
    ada.post(f"/backups/places/{place.id}/off", data={"idempotency_key": KEY})
    assert run.run_due() == [] and ada.post(f"/backups/places/{place.id}/run", data={"idempotency_key": KEY + "2"}).status_code == 409


# An empty portal ------------------------------------------------------------------------------------------------

@pytest.fixture
def emptied(firm, app, tmp_path):
    """A backup in a folder, its key, and the portal as on its first day."""
    invoice = firm.issued(price="10")
    Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "")
    run.run_due()
    key = str(keys.kept(snapshot.folder()))
    blobs.path_of(invoice.paper).unlink()
    (tmp_path / "backup_key").unlink()
    from models.backup import dump
    with dump.opened() as here, here.writing():
        here.empty(here.tables())
    assert Company.current() is None
    first_run._work["now"] = None
    yield tmp_path / "disk", key, invoice
    first_run._work["now"] = None


def watch(client):
    for _ in range(600):
        page = client.get("/setup/restore", headers={"HX-Request": "true"}).get_data(as_text=True)
        if "every 1s" not in page:
            return page
        time.sleep(0.1)
    raise AssertionError("it never ended")


def test_an_empty_portal_is_restored_from_its_first_page(client, emptied):
    disk, key, invoice = emptied
    client.set_cookie("language", "en")
    assert "Restore from a backup" in client.get("/setup").get_data(as_text=True)
    spaced = "\n".join(key[i:i + 9].lower() for i in range(0, len(key), 9))
    assert client.post("/setup/restore", data={"path": str(disk), "key": spaced}).status_code == 303
    page = watch(client)
    assert "The backup is whole" in page and "华信商贸" in page and Company.current() is None
    taken = dt.datetime.fromisoformat(first_run.current().report["taken_at"]) + dt.timedelta(hours=8)
    assert f"<dd>{taken:%Y-%m-%d %H:%M}</dd>" in page and "UTC" not in page and '<dl class="facts">' in page
    assert client.post("/setup/restore/go").status_code == 303
    assert "Restored, and every row and file compared" in watch(client)
    assert Document.get().number == invoice.number and blobs.fetch(invoice.paper)[:4] == b"%PDF"
    assert client.post("/setup/restore", data={"path": str(disk), "key": key}).headers["Location"] == "/"
    db.close()


@pytest.mark.parametrize("path, key, said", [("{}", "rubbish", "not a recovery key"), ("relative", "{}", "whole path"), ("", "{}", "needs"), ("{}", "", "check")])
def test_what_cannot_be_read_comes_back_with_a_sentence(client, emptied, path, key, said):
    disk, good, _ = emptied
    client.set_cookie("language", "en")
    answer = client.post("/setup/restore", data={"path": path.format(disk), "key": key.format(good)})
    assert answer.status_code == 422 and said in answer.get_data(as_text=True) and Company.current() is None


def test_a_wrong_key_or_place_is_told_and_nothing_changes(client, emptied, tmp_path):
    disk, _, _ = emptied
    client.set_cookie("language", "en")
    client.post("/setup/restore", data={"path": str(disk), "key": str(keys.x25519.Identity.generate())})
    page = watch(client)
    assert "does not open the backup" in page
    client.post("/setup/restore/again")
    client.post("/setup/restore", data={"path": str(tmp_path / "nowhere"), "key": str(keys.x25519.Identity.generate())})
    assert "is it mounted" in watch(client) and Company.current() is None


def test_a_backup_is_stored_and_nobody_promised_it(firm, ada, tmp_path):
    Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "")
    run.run_due()
    assert '<span class="badge badge-kept">Stored</span>' in ada.get("/backups/").text
