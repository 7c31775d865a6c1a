"""Backups that gave a destroyed paper back, told secrets, or did harm to who restored them."""

import contextlib
import gzip
import hashlib
import json
from contextlib import closing
from pathlib import Path

import pytest

from config import OneLineFormatter
from models.archive import DestructionList, Filing, LegalHold, certificate, erased_content
from models.core.errors import Refused
from models.documents import Document
from models.operations.backup import Place, keys, proof, restore, run, snapshot
from models.operations.backup import parts as row_parts
from models.operations.backup.dump import UNREADABLE, InvalidDump
from models.people import Code, Session
from tests.models.test_backup import digests
from tests.models.test_sessions import GOOD
from tests.replay.canaries import told
from tests.support.destruction import SECRET, carried_out, everything, old, proposed  # noqa: F401
from tests.support.sets import fully


@pytest.fixture
def place(firm, tmp_path):
    return Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "")


def backup(place):
    Place.update(asked=True).execute()
    return run.run_due()[0]


def restored(name=None):
    with closing(Place.get().open()) as store:
        identity = keys.load(snapshot.folder())
        return restore.restore(store, restore.chosen(store, name), identity, replace=True)


# What was destroyed
# ------------------------------------------------------------------------------------------------


def test_destroy_and_restore_a_backup_from_before_tells_what_came_back(firm, old, place):  # noqa: F811
    """A restore brought back what had been destroyed by law, and nobody knew.

    The list that comes with the restore names it, and its certificate is here to do it again."""
    before = backup(place)
    row = carried_out(firm, proposed(firm))
    assert SECRET not in everything()[0]
    report = restored(before.name)
    assert report["destroyed"] == [row.number]
    assert not DestructionList.select().where(DestructionList.state == "destroyed").exists()
    assert Document.get_by_id(old.id).state != "destroyed"


def test_destroy_and_restore_one_from_after_brings_nothing_back(firm, old, place):  # noqa: F811
    """What is destroyed stays so: rows, bytes and the way to them."""
    carried_out(firm, proposed(firm))
    after = backup(place)
    restored(after.name)
    rows, data = everything()
    assert SECRET not in rows and SECRET.encode() not in data
    assert Document.get_by_id(old.id).state == "destroyed"


def test_destroy_and_restore_backups_that_still_hold_it_are_told_beforehand(
    firm,
    old,  # noqa: F811
    place,
    sign_in,
):
    """Who destroys is told until when copies of it lie in backups."""
    made, row = backup(place), proposed(firm)
    assert [c[:2] for c in erased_content.copies_left(row)] == [(made.name, "disk")]
    row.approve(firm.wang, "同意")
    page = sign_in(firm.zhao).get(f"/archive/destructions/{row.id}").text
    assert made.name in page and "outside the system" in page
    assert [c["place"] for c in certificate.facts(row)["copies"]] == ["disk"]


def test_destroy_and_restore_a_hold_keeps_what_a_court_may_ask_for(firm, old):  # noqa: F811
    """A legal hold that is placed while the list waits stops it, and nothing is half gone."""
    row = proposed(firm)
    LegalHold.place(firm.fang, "诉讼", "案号 7", document=Document.get_by_id(old.id))
    with pytest.raises(Refused):
        carried_out(firm, row)
    assert SECRET in everything()[0] and Filing.get().state == "kept"


# What a backup and a log tell
# ------------------------------------------------------------------------------------------------


@pytest.fixture
def secrets(app, firm, monkeypatch):
    """Planted where secrets live: passwords, tokens, the key of mails, of places, of forms."""
    firm.li.set_password("planted-password-of-li", by=firm.li)
    monkeypatch.setitem(app.config, "SMTP_URL", "smtp://firm:planted-smtp-key@127.0.0.1:9")
    monkeypatch.setitem(snapshot.config(), "SMTP_URL", "smtp://firm:planted-smtp-key@127.0.0.1:9")
    return {
        "password": "planted-password-of-li",
        "mail": "planted-smtp-key",
        "session": Session.start(firm.li),
        "code": Code.make("password", firm.li),
        "form": app.config["SECRET_KEY"],
        "customer": "北京甲公司",
    }


def test_backup_leaks_no_secret_is_readable_in_a_place(firm, secrets, place, tmp_path):
    """A backup on a share was a zip with the settings in clear: keys of mail and database."""
    paper = firm.printed()
    backup(place)
    files = [path for path in (tmp_path / "disk").rglob("*") if path.is_file()]
    assert len(files) > 4
    for path in files:
        data = path.read_bytes() + path.name.encode()
        for what, secret in {**secrets, "paper": paper.number}.items():
            assert secret.encode() not in data, (what, path.name)


def test_backup_leaks_opened_with_the_key_it_has_hashes_and_no_token(
    firm, secrets, place, tmp_path
):
    """Even who has the key finds no password, session or code in it that opens anything."""
    made = backup(place)
    identity = keys.load(snapshot.folder())
    rows = rows_of(made, tmp_path, identity)
    for what in ("password", "session", "code", "mail"):
        assert secrets[what] not in rows, what
        assert what != "session" or hashlib.sha256(secrets[what].encode()).hexdigest() in rows


def test_backup_leaks_no_log_line_and_no_bundle_holds_a_secret(
    app, firm, secrets, place, sign_in, client, caplog
):
    """The bundle that one sends for help, and the log, after signing in, links and a backup."""
    caplog.set_level("INFO")
    client.post("/sign-in", data={"email": firm.li.email, "password": secrets["password"]})
    wrong = secrets["password"] + "!"
    client.post("/sign-in", data={"email": firm.li.email, "password": wrong})
    client.get(f"/links/password?code={secrets['code']}")
    client.post("/links/password", data={"password": GOOD})
    other = app.test_client()
    other.set_cookie("danju_sid", secrets["session"])
    other.get("/documents/999")
    backup(place)
    written = "\n".join(OneLineFormatter().format(record) for record in caplog.records)
    browser = sign_in(firm.ada)
    bundle = browser.get("/status/bundle.zip")
    found = written + told(bundle) + told(browser.get("/status/"))
    assert bundle.status_code == 200 and "danju" in written
    for what in ("password", "mail", "session", "code", "form"):
        assert secrets[what] not in found, what
    assert GOOD not in found


# A backup of a stranger
# ------------------------------------------------------------------------------------------------


def crafted(place, tmp_path, change):
    """A backup of ours in which `change(parts)` has changed {name: bytes}, as whoever holds the key
    could; with hashes that fit."""
    made, identity = backup(place), keys.load(snapshot.folder())
    folder = tmp_path / "disk" / "backups" / made.name
    names = ("start", "manifest")
    parts = {"dump": gzip.compress(rows_of(made, tmp_path, identity).encode())}
    for name in names:
        keys.unlock(folder / f"{name}.age", tmp_path / name, identity)
        parts[name] = (tmp_path / name).read_bytes()
    parts["facts"] = json.loads((folder / "manifest.json").read_text())
    whole = parts["dump"]
    change(parts)
    if parts["dump"] != whole:  # as one part, whose name fits where it can be unpacked
        with contextlib.suppress(*UNREADABLE):
            whole = gzip.decompress(parts["dump"])
        named = row_parts.name_of(whole, identity)
        manifest(parts, parts=lambda _: [[named, len(whole)]])
        (tmp_path / "part").write_bytes(parts["dump"])
        there = tmp_path / "disk" / row_parts.key_of(parts["facts"]["under"], named)
        there.parent.mkdir(parents=True, exist_ok=True)
        keys.lock(tmp_path / "part", there, identity.to_public())
    for name in names:
        (tmp_path / name).write_bytes(parts[name])
        keys.lock(tmp_path / name, folder / f"{name}.age", identity.to_public())
        parts["facts"]["objects"][f"{name}.age"]["sha256"] = keys.sha_of(folder / f"{name}.age")
    (folder / "manifest.json").write_text(json.dumps(parts["facts"]))
    return folder


def rows_of(made, tmp_path, identity):
    """The rows of a backup, as text."""
    with closing(Place.get().open()) as store:
        facts = restore.chosen(store, made.name)
        proof.fetched(store, facts, identity, tmp_path)
    return gzip.decompress((tmp_path / "dump").read_bytes()).decode()


def manifest(parts, /, **more):
    found = json.loads(gzip.decompress(parts["manifest"]))
    found.update({name: change(found[name]) for name, change in more.items()})
    parts["manifest"] = gzip.compress(json.dumps(found).encode())


OUT = "../../../../../planted"
HOSTILE = {
    "a file that climbs": lambda p: manifest(p, files=lambda f: {**f, OUT: 3}),
    "an absolute file": lambda p: manifest(p, files=lambda f: {**f, "/tmp/danju-planted": 3}),
    "a file of another name": lambda p: manifest(p, files=lambda f: {**f, "A" * 64: 3}),
    "a file that is missing": lambda p: manifest(p, files=lambda f: {**f, "a" * 64: 3}),
    "a newer schema": lambda p: manifest(p, schema=lambda names: [*names, "9999_later"]),
    "a schema that climbs": lambda p: manifest(p, schema=lambda names: [*names, OUT]),
    "other rows": lambda p: p.update(
        dump=gzip.compress(gzip.decompress(p["dump"]).replace("北京甲公司".encode(), b"Mallory"))
    ),
    "half of the rows": lambda p: p.update(dump=p["dump"][: len(p["dump"]) // 2]),
    "a table that is none": lambda p: p.update(
        dump=gzip.compress(
            gzip.decompress(p["dump"]) + b'{"table": "x; DROP TABLE company", "columns": ["a"]}\n'
        )
    ),
    "no rows at all": lambda p: p.update(dump=gzip.compress(b"{}\n")),
    "no archive": lambda p: p.update(dump=b"x" * 1000),
    "a part that climbs": lambda p: manifest(p, parts=lambda _: [[OUT, 3]]),
    "a part that is missing": lambda p: manifest(p, parts=lambda _: [["a" * 64, 3]]),
    "zeros without end": lambda p: p.update(dump=gzip.compress(bytes(50 * 2**20))),
}


@pytest.mark.parametrize("what", fully([*HOSTILE][::3], [*HOSTILE]))
def test_hostile_archive_is_refused_before_anything_here_changes(firm, place, tmp_path, what):
    """A backup that somebody sent was restored in good faith, and wrote where it liked.

    Paths that climb, another hash, a later version, too much, too little: the firm stays as it
    is, and nothing lies outside the scratch folder, which is gone."""
    firm.printed()
    folder = crafted(place, tmp_path, HOSTILE[what])
    if "climbs" in what and "file" in what:
        target = (
            tmp_path / "disk" / "files" / keys.fingerprint(keys.load(snapshot.folder()).to_public())
        )
        (tmp_path / "x").write_text("planted")
        escaped = (target / OUT[:2] / f"{OUT}.age").resolve()
        escaped.parent.mkdir(parents=True, exist_ok=True)
        keys.lock(tmp_path / "x", escaped, keys.load(snapshot.folder()).to_public())
    before = digests()
    wrong = (Refused, proof.Unproven, InvalidDump, keys.WrongKey)
    with pytest.raises(wrong):
        restored(folder.name)
    assert digests() == before and not snapshot.restoring()
    planted = [p for p in tmp_path.parent.rglob("*planted*") if p.suffix != ".age"]
    assert planted == [] and not Path("/tmp/danju-planted").exists()
    assert not [p for p in (snapshot.folder() / "scratch").iterdir()]


def test_hostile_archive_a_link_in_its_folder_is_read_as_what_it_is(firm, place, tmp_path):
    """A symlink among the files, to a file of the machine that restores."""
    firm.printed()
    made = backup(place)
    part = next((tmp_path / "disk").glob("parts/*/??/*.age"))
    part.unlink()
    part.symlink_to("/etc/passwd")
    before = digests()
    with pytest.raises(proof.Unproven):
        restored(made.name)
    assert digests() == before
