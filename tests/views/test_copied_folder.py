"""A copied data folder rests like a restored firm; a moved one goes on."""

import os
import shutil
from contextlib import closing

import pytest

import app as the_app
from jobs import scheduler, serve
from models.adapters import outbox
from models.adapters.outbox import Mail
from models.core.database import db
from models.operations.backup import Place, copied, keys, post_restore, restore, run, snapshot

pytestmark = pytest.mark.on_sqlite
rests = post_restore.paused_after_restore


@pytest.fixture
def place(firm, tmp_path):
    """Where the firm has its backup, outside its folder, of which the mark is known."""
    copied.rest_if_copied()
    assert not rests()
    return Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "")


def begun_in(app, folder):
    """The program begins to serve from this folder."""
    db.close()
    url = f"sqlite:///{folder / 'danju.db'}"
    the_app.bind(app, {**snapshot.config(), "DATA_DIR": str(folder), "DATABASE_URL": url})
    copied.rest_if_copied()


def copy(tmp_path):
    """As cp -a does it."""
    db.close()
    return shutil.copytree(snapshot.folder(), tmp_path.parent / "copy", dirs_exist_ok=True)


def test_a_copy_rests_until_an_administrator_says_that_it_is_the_firm(
    app, firm, place, tmp_path, sign_in
):
    Mail.enqueue("k", to="x@a.test", template="sign_in", language="en", context={})
    begun_in(app, copy(tmp_path))
    assert rests() and Mail.get().error == outbox.COPIED and Mail.get().state == "failed"
    begun_in(app, snapshot.folder())
    assert [e.action for e in firm_events()].count("copied") == 1
    admin = sign_in(firm.ada)
    assert "restored copy on another machine" in admin.get("/").text
    assert admin.post("/alone").status_code == 303
    begun_in(app, snapshot.folder())
    assert not rests()


def firm_events():
    return copied.Company.current().events


def test_a_folder_that_is_moved_or_begun_again_goes_on(app, firm, place, tmp_path):
    begun_in(app, snapshot.folder())
    for name in (copied.MARK, "danju.db"):
        os.chmod(snapshot.folder() / name, 0o600)
    begun_in(app, snapshot.folder())
    db.close()
    begun_in(app, snapshot.folder().rename(tmp_path.parent / "moved"))
    assert not rests() and "copied" not in [e.action for e in firm_events()]


def test_a_restored_firm_is_no_copy_once_it_is_taken_over(app, firm, place):
    Place.update(asked=True).execute()
    name = run.run_due()[0].name
    (snapshot.folder() / copied.MARK).unlink()
    with closing(Place.get().open()) as store:
        key = keys.load(snapshot.folder())
        restore.restore(store, restore.chosen(store, name), key, replace=True)
    begun_in(app, snapshot.folder())
    assert not rests()


def test_it_is_asked_before_the_clock_starts(app, firm, place, tmp_path, monkeypatch):
    begun_in(app, copy(tmp_path))
    post_restore.take_over(firm.ada)
    (snapshot.folder() / copied.MARK).unlink()
    shutil.copy(snapshot.folder() / "danju.db", snapshot.folder() / "new")
    (snapshot.folder() / "new").rename(snapshot.folder() / "danju.db")
    db.close()
    monkeypatch.setattr(serve, "listen", lambda *_: None)
    monkeypatch.setattr(scheduler, "start", lambda _app: pytest.fail("begun"))
    with pytest.raises(pytest.fail.Exception, match="begun"):
        serve.run(app, {}, None)
    db.connect(reuse_if_open=True)
    assert rests()
