"""A host without the keys of its portal, or with others, refuses to start and to back up; a planned
change of a key is told to the portal."""

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from pyrage import x25519

from config import BadSetting, backup_key
from models.adapters import stores
from models.company import Company
from models.core.database import db
from models.core.errors import Refused
from models.core.installation import Installation
from models.operations import checks
from models.operations.backup import Place, dump, host_keys, keys, restore, run, snapshot, upgrade

ROOT = Path(__file__).resolve().parents[2]
OTHER = str(x25519.Identity.generate())


@pytest.fixture
def place(firm, tmp_path):
    made = Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "")
    yield made
    snapshot.config()["BACKUP_KEY"] = ""


def refused(verb=upgrade.upgrade):
    with pytest.raises(Refused) as error:
        verb()
    return error.value.code


def forget_secret():
    snapshot.config()["SECRET_KEY"] = ""


def take_another_secret():
    snapshot.config()["SECRET_KEY"] = "x" * 40


def forget_backup_key():
    (snapshot.folder() / "backup_key").unlink()


def take_another_backup_key():
    snapshot.config()["BACKUP_KEY"] = OTHER


def tear_backup_key():
    path = snapshot.folder() / "backup_key"
    path.write_bytes(path.read_bytes()[:40] + b"\xff")


@pytest.mark.parametrize("noted", [True, False], ids=["noted", "firm of an earlier version"])
@pytest.mark.parametrize(
    "change, code",
    [
        (forget_secret, "secret_key_missing"),
        (take_another_secret, "secret_key_wrong"),
        (forget_backup_key, "backup_key_missing"),
        (take_another_backup_key, "backup_key_wrong"),
        (tear_backup_key, "backup_key_wrong"),
    ],
)
def test_a_host_with_a_missing_or_another_key_does_not_start(place, change, code, noted):
    if not noted:
        Installation.delete().execute()
    change()
    if noted or code.endswith("missing") or change is tear_backup_key:
        assert refused() == code
    else:  # nobody can tell; from now on it is known
        upgrade.upgrade()
        host_keys.settle()
        assert Installation.select().count() == 2


def test_keys_are_told_by_a_fingerprint_that_no_backup_carries(place):
    known = {row.name: row.value for row in Installation.select()}
    assert known["backup_key"] == keys.mark(snapshot.folder()) and len(known["secret_key"]) == 16
    assert not any("k" * 16 in value for value in known.values())
    with dump.opened() as here:
        assert "installation" not in here.tables() and "company" in here.tables()


def test_a_portal_that_backs_up_nowhere_needs_no_backup_key(firm):
    upgrade.upgrade()
    host_keys.settle()
    assert keys.load(snapshot.folder()) is None


def test_a_running_host_without_the_key_draws_none_and_leaves_the_place_to_others(place):
    forget_backup_key()
    assert refused(run.run_due) == "backup_key_missing"
    assert Place.get().claimed_at is None and Place.get().trouble == ""
    assert keys.load(snapshot.folder()) is None
    take_another_backup_key()
    assert refused(run.run_due) == "backup_key_wrong"


def test_of_two_hosts_that_draw_a_key_at_once_the_first_has_its_way(firm, monkeypatch):
    real = keys.stored_secret

    def draw(*args):
        real(*args)
        Installation.write("backup_key", "another1")

    monkeypatch.setattr(keys, "stored_secret", draw)
    assert refused(lambda: keys.make(snapshot.folder())) == "backup_key_missing"
    assert keys.load(snapshot.folder()) is None


def test_the_sheet_is_printed_once_for_all_hosts(place, tmp_path):
    (tmp_path / "backup_key.printed").write_text(keys.mark(tmp_path))  # as earlier versions did
    assert not keys.printed(tmp_path)
    host_keys.settle()
    assert keys.printed(tmp_path) and not (tmp_path / "backup_key.printed").exists()
    other = tmp_path / "other"
    other.mkdir()
    (other / "backup_key").write_text((tmp_path / "backup_key").read_text())
    assert keys.printed(other)
    (other / "backup_key").write_text(OTHER)
    assert not keys.printed(other)


def test_keys_that_were_changed_on_purpose_are_accepted_and_journaled(place):
    take_another_secret()
    forget_backup_key()
    assert host_keys.accept(upgrade.upgrade) == ["backup_key", "secret_key"]
    upgrade.upgrade()
    event = Company.current().events.order_by("id")[-1]
    assert event.action == "keys_changed" and event.facts == {"keys": ["backup_key", "secret_key"]}
    assert keys.load(snapshot.folder()) and not keys.printed(snapshot.folder())


def test_a_restore_takes_the_keys_of_the_backup_for_the_portals(place, tmp_path):
    run.run_due()
    assert Place.get().trouble == ""
    identity = keys.load(snapshot.folder())
    take_another_secret()
    (snapshot.folder() / "backup_key").write_text(OTHER)
    host_keys.note()
    folder = {"path": str(tmp_path / "disk")}
    with closing(stores.open_store("folder", folder, begin=False)) as store:
        restore.restore(store, restore.chosen(store), identity, replace=True)
    upgrade.upgrade()
    assert snapshot.config()["SECRET_KEY"] == "k" * 40
    assert keys.mark(snapshot.folder()) == keys.fingerprint(identity.to_public())
    assert checks.faults(snapshot.folder(), "k" * 40) == []


def test_the_backup_key_may_be_given_as_age_writes_it():
    key = str(x25519.Identity.generate())
    text = f"# created: 2026-11-30\n# public key: age1…\n{key}\n"
    assert backup_key(text) == backup_key(key.lower()) == key and backup_key("") == ""
    with pytest.raises(BadSetting, match="BACKUP_KEY"):
        backup_key("AGE-SECRET-KEY-1SHORT")


@pytest.mark.on_sqlite
@pytest.mark.parametrize("language, words", [("en", "recovery sheet"), ("zh_CN.UTF-8", "恢复单")])
def test_a_command_says_in_one_sentence_which_key_is_missing_and_where_it_is(
    place, tmp_path, language, words
):
    forget_backup_key()
    db.close()
    env = {
        **os.environ,
        "DATA_DIR": str(tmp_path),
        "SECRET_KEY": "k" * 40,
        "FLASK_APP": "app:create_app",
        "LANG": language,
    }
    done = subprocess.run(
        [str(Path(sys.executable).with_name("flask")), "backup", str(tmp_path / "to")],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert words in done.stderr and "BACKUP_KEY" in done.stderr
    assert "(backup_key_missing)" in done.stderr and not (tmp_path / "to").exists()


@pytest.mark.on_sqlite
def test_the_command_takes_new_keys_and_then_all_goes_on(place, tmp_path):
    forget_backup_key()
    (tmp_path / "secret_key").write_text("n" * 64)
    db.close()
    env = {**os.environ, "DATA_DIR": str(tmp_path), "FLASK_APP": "app:create_app", "LANG": "en"}
    env.pop("SECRET_KEY", None)

    def flask(*words):
        program = str(Path(sys.executable).with_name("flask"))
        done = subprocess.run([program, *words], cwd=ROOT, env=env, capture_output=True, text=True)
        return done.stdout + done.stderr

    assert "(secret_key_wrong)" in flask("verify")
    assert flask("accept-keys").endswith("keys changed: backup_key, secret_key\n")
    assert "AGE-SECRET-KEY-1" in flask("backup-key")
    db.connect(reuse_if_open=True)
    assert Company.current().events.order_by("id")[-1].action == "keys_changed"
