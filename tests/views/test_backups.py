"""What an administrator sees and does with backups, and how an empty portal is filled from one."""

import datetime as dt
import re
import time

import pytest

from models.adapters import blobs, stores
from models.company import Company
from models.core import sealing
from models.core.clock import now
from models.core.database import db
from models.core.errors import Refused
from models.core.installation import Installation
from models.documents import Document
from models.operations import first_steps
from models.operations.backup import Backup, Place, first_run, keys, run, snapshot
from tests.firm import KEY
from tests.valid_forms.firm import PLACE


@pytest.fixture
def ada(firm, sign_in):
    return sign_in(firm.ada)


def test_the_home_page_says_what_is_wrong_with_the_backups(firm, ada, sign_in, tmp_path):
    assert "Backups are not set up yet." not in ada.get("/").text, "the first steps tell it"
    first_steps.put_away(firm.ada)
    assert "Backups are not set up yet." in ada.get("/").get_data(as_text=True)
    assert "No backups" not in sign_in(firm.li).get("/").get_data(as_text=True)
    Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "")
    run.run_due()
    page = ada.get("/").get_data(as_text=True)
    assert (
        "has not been printed" in page
        and "Last backup verified by test restore" in page
        and "No backups" not in page
    )
    Place.get().mark_failed("the disk is full")
    assert "the disk is full" in ada.get("/").get_data(as_text=True)


def test_a_place_is_added_filled_and_shown(firm, ada, tmp_path):
    answer = ada.post(
        "/backups/places/new",
        data={**PLACE, "path": str(tmp_path / "disk"), "idempotency_key": KEY},
    )
    assert answer.status_code == 303
    assert 'hx-trigger="every 2s"' in ada.get("/backups/").get_data(as_text=True)
    run.run_due()
    page = ada.get("/backups/").get_data(as_text=True)
    assert "every 2s" not in page and str(Backup.get().expires_on) in page
    piece = ada.get(
        f"/backups/places/{Place.get().id}/state", headers={"HX-Request": "true"}
    ).get_data(as_text=True)
    same = lambda text: re.sub(r"\s+|value=\"[^\"]*\"", "", text)  # noqa: E731
    for part in piece.split('<div id="backups-made" hx-swap-oob="true">'):
        assert same(part) in same(page)


def test_the_list_below_follows_when_a_backup_ends(firm, ada, tmp_path):
    place = Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "")
    page = ada.get("/backups/").get_data(as_text=True)
    assert 'id="backups-made"' in page and "hx-swap-oob" not in page
    run.run_due()
    piece = ada.get(f"/backups/places/{place.id}/state", headers={"HX-Request": "true"}).get_data(
        as_text=True
    )
    assert re.search(
        r'id="backups-made" hx-swap-oob="true">.*data-label="Verified">2', piece, re.DOTALL
    )


def test_the_secret_of_a_place_never_comes_back(firm, ada):
    form = {**PLACE, "bucket": "b", "key_id": "k", "secret": "very secret", "idempotency_key": KEY}
    assert ada.post("/backups/places/new?kind=s3", data=form).status_code == 303
    place = Place.get()
    assert "very secret" not in ada.get(f"/backups/places/{place.id}/edit").get_data(
        as_text=True
    ) + ada.get("/backups/").get_data(as_text=True)
    ada.post(f"/backups/places/{place.id}/edit", data={**form, "secret": "", "name": "renamed"})
    assert (
        Place.get().name == "renamed"
        and sealing.unseal(Place.get().secret, snapshot.config()["SECRET_KEY"]) == "very secret"
    )


@pytest.mark.parametrize("kind, field", [("s3", "bucket"), ("sftp", "host"), ("webdav", "url")])
def test_a_place_without_what_its_kind_needs_comes_back(firm, ada, kind, field):
    good = {"bucket": "b", "host": "h", "user": "u", "path": "/p", "url": "https://x.test/"}
    answer = ada.post(
        f"/backups/places/new?kind={kind}",
        data={**PLACE, **good, field: "", "idempotency_key": KEY},
    )
    assert answer.status_code == 422 and not Place.select().exists()


def test_the_sheet_is_shown_until_it_is_printed(firm, ada, tmp_path):
    assert 'href="/backups/places/new"' in ada.get("/backups/sheet").text  # no key yet
    Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "")
    key = str(keys.load(snapshot.folder()))
    assert key not in re.sub(r"\s", "", ada.get("/backups/sheet").text)
    assert key in re.sub(r"\s", "", ada.post("/backups/sheet").text)
    assert ada.post("/backups/sheet/printed", data={"idempotency_key": KEY}).status_code == 303
    assert ada.post("/backups/sheet").location == "/backups/sheet"
    told = [event.action for event in Company.current().events]
    assert told[-2:] == ["recovery_key_shown", "recovery_key_printed"]


def test_a_switched_off_place_is_left_alone(firm, ada, tmp_path):
    place = Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "")
    ada.post(f"/backups/places/{place.id}/off", data={"idempotency_key": KEY})
    assert (
        run.run_due() == []
        and ada.post(
            f"/backups/places/{place.id}/run", data={"idempotency_key": KEY + "2"}
        ).status_code
        == 409
    )


# An empty portal
# ------------------------------------------------------------------------------------------------


@pytest.fixture
def emptied(firm, app, tmp_path):
    """A backup in a folder, its key, and the portal as on its first day."""
    invoice = firm.printed(price="10")
    Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "")
    run.run_due()
    key = str(keys.load(snapshot.folder()))
    blobs.path_of(invoice.pdf_sha256).unlink()
    (tmp_path / "backup_key").unlink()
    from models.operations.backup import dump

    with dump.opened() as here, here.writing():
        here.empty(here.tables())
    assert Company.current() is None
    return tmp_path / "disk", key, invoice


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
    spaced = "\n".join(key[i : i + 9].lower() for i in range(0, len(key), 9))
    assert client.post("/setup/restore", data={"path": str(disk), "key": spaced}).status_code == 303
    page = watch(client)
    assert "The backup is complete" in page and "华信商贸" in page and Company.current() is None
    taken = dt.datetime.fromisoformat(first_run.current().report["taken_at"]) + dt.timedelta(
        hours=8
    )
    assert (
        f"<dd>{taken:%Y-%m-%d %H:%M}</dd>" in page
        and not re.search(r"\bUTC\b", page)
        and 'class="facts"' in page
    )
    assert client.post("/setup/restore/go").status_code == 303
    assert "Restored, and every row and file compared" in watch(client)
    assert (
        Document.get().number == invoice.number and blobs.fetch(invoice.pdf_sha256)[:4] == b"%PDF"
    )
    assert (
        client.post("/setup/restore", data={"path": str(disk), "key": key}).headers["Location"]
        == "/"
    )
    db.close()


def test_keys_that_the_server_is_given_otherwise_are_told(client, emptied, monkeypatch):
    """Else the next start would refuse them, and nobody would know why."""
    disk, key, _ = emptied
    client.set_cookie("language", "en")
    monkeypatch.setenv("SECRET_KEY", "another key of this server")
    monkeypatch.setenv("BACKUP_KEY", f"# as age-keygen writes it\n{key}")
    client.post("/setup/restore", data={"path": str(disk), "key": key})
    watch(client)
    client.post("/setup/restore/go")
    page = watch(client)
    assert "SECRET_KEY is set on this server with another value" in page
    assert "BACKUP_KEY" not in page
    db.close()


def test_any_host_shows_how_far_the_restore_of_another_has_come(client, emptied, monkeypatch):
    disk, key, invoice = emptied
    client.set_cookie("language", "en")
    client.post("/setup/restore", data={"path": str(disk), "key": key})
    monkeypatch.setattr(first_run, "_here", {"work": None})  # as on a host that did not get it
    assert "The backup is complete" in watch(client)
    assert key[16:] not in Installation.read(first_run.NOW), "sealed"
    client.post("/setup/restore/go")
    monkeypatch.setattr(first_run, "_here", {"work": None})
    assert client.post("/setup/restore/again").status_code in (303, 409)
    assert "Restored, and every row and file compared" in watch(client)
    assert Document.get().number == invoice.number
    db.close()


def test_a_restore_whose_host_died_can_be_begun_again(client, emptied, monkeypatch):
    disk, key, _ = emptied
    client.post("/setup/restore", data={"path": str(disk), "key": key})
    watch(client)
    work = first_run.current()
    monkeypatch.setattr(first_run, "_here", {"work": None})
    for minutes, code in ((1, "restore_running"), (11, None)):
        work.phase, work.at = "looking", now() - dt.timedelta(minutes=minutes)
        work.keep(first_run.NOW)
        if code:
            with pytest.raises(Refused, match=code):
                first_run.start_over()
        else:
            first_run.start_over()
    assert first_run.current() is None


def test_what_was_typed_is_kept_for_the_next_try_and_no_secret_is_shown(client, app, emptied):
    disk, key, invoice = emptied
    client.set_cookie("language", "en")
    client.post(
        "/setup/restore", data={"path": f"{disk}-nowhere", "key": key, "backup": "2020-01-01T00-00"}
    )
    assert "is it mounted" in watch(client)
    client.post("/setup/restore/again")
    page = client.get("/setup/restore").get_data(as_text=True)
    assert (
        f'value="{disk}-nowhere"' in page
        and 'value="2020-01-01T00-00"' in page
        and "the key entered before" in page
        and key not in page
    )
    stranger = app.test_client()
    assert str(disk) not in stranger.get("/setup/restore").get_data(as_text=True)
    assert stranger.post("/setup/restore", data={"path": str(disk), "key": ""}).status_code == 422
    assert client.post("/setup/restore", data={"path": str(disk), "key": ""}).status_code == 303
    assert "The backup is complete" in watch(client)
    client.post("/setup/restore/again")
    client.post("/setup/restore", data={"path": str(disk), "key": ""})
    watch(client)
    client.post("/setup/restore/go")
    watch(client)
    assert (
        first_run.current().identity is None
        and not Installation.read(first_run.BEFORE)
        and Document.get().number == invoice.number
    )
    db.close()


def test_a_password_is_sent_only_to_the_place_it_was_typed_for_and_the_kind_is_kept(
    client, emptied, monkeypatch
):
    disk, key, _ = emptied
    sent = []

    def opened(kind, settings, secret="", begin=False):
        sent.append((kind, settings.get("host"), secret))
        raise stores.Unreachable("not there")

    monkeypatch.setattr(stores, "open_store", opened)
    there = {"host": "h.test", "port": "22", "user": "u", "path": "/p"}
    client.post("/setup/restore?kind=sftp", data={**there, "secret": "very secret", "key": key})
    watch(client)
    client.post("/setup/restore/again")
    page = client.get("/setup/restore").get_data(as_text=True)
    assert 'value="h.test"' in page and 'value="u"' in page and "very secret" not in page
    for host in ("h.test", "other.test"):
        client.post("/setup/restore?kind=sftp", data={**there, "host": host})
        watch(client)
        client.post("/setup/restore/again")
    assert sent == [
        ("sftp", "h.test", "very secret"),
        ("sftp", "h.test", "very secret"),
        ("sftp", "other.test", ""),
    ]


def test_a_key_that_does_not_fit_is_asked_for_again(client, emptied):
    disk, _, _ = emptied
    client.post(
        "/setup/restore", data={"path": str(disk), "key": str(keys.x25519.Identity.generate())}
    )
    watch(client)
    client.post("/setup/restore/again")
    assert client.post("/setup/restore", data={"path": str(disk), "key": ""}).status_code == 422


def test_the_backups_that_lie_there_are_listed_to_choose_from(client, emptied):
    disk, key, _ = emptied
    client.set_cookie("language", "en")
    page = client.post("/setup/restore", data={"path": str(disk), "key": "", "list": "y"})
    name = name_in(disk)
    assert (
        page.status_code == 200
        and f'<option value="{name}"' in page.get_data(as_text=True)
        and first_run.current() is None
    )
    assert (
        client.post(
            "/setup/restore", data={"path": str(disk), "key": key, "backup": name}
        ).status_code
        == 303
    )
    assert "The backup is complete" in watch(client)
    client.post("/setup/restore/again")
    nothing = client.post(
        "/setup/restore", data={"path": f"{disk}-nowhere", "key": "", "list": "y"}
    )
    assert nothing.status_code == 422 and "is it mounted" in nothing.get_data(as_text=True)


def name_in(disk):
    return next((disk / "backups").iterdir()).name


@pytest.mark.parametrize(
    "path, key, said",
    [
        ("{}", "rubbish", "not a recovery key"),
        ("relative", "{}", "full path"),
        ("", "{}", "needs"),
        ("{}", "", "check"),
    ],
)
def test_what_cannot_be_read_comes_back_with_a_sentence(client, emptied, path, key, said):
    disk, good, _ = emptied
    client.set_cookie("language", "en")
    answer = client.post(
        "/setup/restore", data={"path": path.format(disk), "key": key.format(good)}
    )
    assert (
        answer.status_code == 422
        and said in answer.get_data(as_text=True)
        and Company.current() is None
    )


def test_a_wrong_key_or_place_is_told_and_nothing_changes(client, emptied, tmp_path):
    disk, _, _ = emptied
    client.set_cookie("language", "en")
    client.post(
        "/setup/restore", data={"path": str(disk), "key": str(keys.x25519.Identity.generate())}
    )
    page = watch(client)
    assert "does not open the backup" in page
    client.post("/setup/restore/again")
    client.post(
        "/setup/restore",
        data={"path": str(tmp_path / "nowhere"), "key": str(keys.x25519.Identity.generate())},
    )
    assert "is it mounted" in watch(client) and Company.current() is None


def test_a_backup_is_stored_and_nobody_promised_it(firm, ada, tmp_path):
    Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "")
    run.run_due()
    assert '<span class="badge badge-kept">Completed</span>' in ada.get("/backups/").text
