"""Who was here: what an administrator reads of sign-ins, refusals, exports and rights, who signs
others out, and what a new device causes."""

import csv
import io

import peewee as pw
import pytest

from app import write_mail
from models.adapters.outbox import Mail
from models.core.clock import now
from models.core.errors import Forbidden
from models.people import AccessEntry, Session, User, access_entry
from tests.firm import KEY
from tests.models.test_sessions import GOOD
from tests.support.queries import counted
from tests.support.signing_in import enter

ONCE = {"idempotency_key": KEY}


@pytest.fixture
def li(firm):
    firm.li.set_password(GOOD, by=firm.li)
    return firm.li


def entries(kind):
    rows = AccessEntry.select().where(AccessEntry.kind == kind).order_by(AccessEntry.id)
    return [(e.what, e.person, e.times) for e in rows]


@pytest.mark.asvs("16.3.1")
def test_sign_ins_refusals_exports_and_rights_stand_on_one_page(app, firm, li, sign_in):
    enter(app.test_client(), li.email, "wrong")
    enter(app.test_client(), li.email)
    browser = sign_in(li)
    browser.get("/documents/export.csv"), browser.get("/journal/"), browser.get("/customers/999")
    firm.wang.revise(firm.ada, roles=["sales"])
    who = f"User {li.id}"
    assert entries("refusal") == [
        ("sign-in refused", who, 1),
        ("forbidden", who, 1),
        ("not in scope", who, 1),
    ]
    assert ("signed_in", who, 1) in entries("sign_in")
    assert entries("export") == [("exported", who, 1)]
    assert ("revised", f"User {firm.ada.id}", 1) in entries("rights")
    ada = sign_in(firm.ada)
    page = ada.get("/access/").get_data(as_text=True)
    for words in ("Wrong email address or password", "Downloaded a list", li.name, "127.0.0.1"):
        assert words in page
    assert "王经理: Roles: Manager → Salesperson" in page
    assert "> Signed in" in " ".join(page.split()), "the name has its own column"
    for tried in ("/documents/export.csv", "journal.index", "Customer 999"):
        assert f">{tried}</td>" in page
    refused = ada.get("/access/?kind=refusal").get_data(as_text=True)
    assert "Looked for what is not theirs" in refused and "Downloaded" not in refused
    file = ada.get(f"/access/export.csv?kind=export&who={li.id}").get_data().decode("utf-8-sig")
    [_heads, row] = csv.reader(io.StringIO(file))
    assert li.name in row and "127.0.0.1" in row


def test_only_an_administrator_reads_it_and_nothing_typed_as_a_name_is_kept(app, firm, sign_in):
    assert sign_in(firm.wang).get("/access/").status_code == 403
    enter(app.test_client(), "my secret as a name", "another secret")
    assert "secret" not in str(list(AccessEntry.select().dicts()))


def test_whoever_tries_a_thousand_doors_fills_one_line(firm, sign_in):
    browser = sign_in(firm.li)
    for ident in range(900, 905):
        browser.get(f"/customers/{ident}")
    assert entries("refusal") == [("not in scope", f"User {firm.li.id}", 5)]


def test_what_cannot_be_kept_now_is_kept_later_and_breaks_no_page(firm, sign_in, monkeypatch):
    browser = sign_in(firm.li)
    with monkeypatch.context() as broken:
        broken.setattr(AccessEntry, "keep", damaged)
        assert browser.get("/customers/900").status_code == 404
    assert browser.get("/").status_code == 200
    assert entries("refusal") == [("not in scope", f"User {firm.li.id}", 1)]


def damaged(**_line):
    raise pw.DatabaseError("database disk image is malformed")


def test_no_more_is_kept_than_fits(firm, monkeypatch):
    monkeypatch.setattr(access_entry, "MOST", 10)
    monkeypatch.setattr(access_entry, "SWEPT_EVERY", 5)
    for n in range(40):
        AccessEntry.enter(at=now(), kind="export", what="exported", told=str(n))
    assert AccessEntry.select().count() <= 15


@pytest.mark.asvs("6.3.3")
def test_a_new_device_is_told_by_mail_and_a_known_one_is_not(app, li):
    known, stranger = app.test_client(), app.test_client()
    enter(known, li.email), enter(known, li.email)
    assert Mail.select().count() == 0
    stranger.post(
        "/sign-in",
        data={"email": li.email, "password": GOOD},
        headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"},
        environ_base={"REMOTE_ADDR": "192.0.2.7"},
    )
    enter(stranger, li.email)
    [mail] = Mail.select()
    assert (mail.recipient, mail.template) == (li.email, "new_device")
    with counted() as queries:
        assert Session.is_new_device(li, "a third") and len(queries) == 1
    _subject, text, _html = write_mail(mail)
    assert "Firefox" in text and "192.0.2.7" in text and "/sessions" in text
    assert [what for what, *_rest in entries("device")] == ["new device"]


@pytest.mark.asvs("7.4.5")
def test_an_administrator_signs_one_colleague_out_or_everybody(firm, sign_in):
    li, anna, wang = sign_in(firm.li), sign_in(firm.anna), sign_in(firm.wang)
    ada = sign_in(firm.ada)
    assert "Sign out everywhere" in ada.get(f"/people/{firm.li.id}/edit").get_data(as_text=True)
    assert ada.post(f"/people/{firm.li.id}/sessions/end", data=ONCE).status_code == 303
    assert [b.get("/documents/").status_code for b in (li, wang)] == [401, 200]
    assert wang.post(f"/people/{firm.ada.id}/sessions/end", data=ONCE).status_code == 403
    assert wang.post("/access/sign-out", data=ONCE).status_code == 403
    assert ada.post("/access/sign-out", data={"idempotency_key": KEY[::-1]}).status_code == 303
    assert [b.get("/").status_code for b in (wang, anna, ada)] == [401] * 3
    assert {what for what, *_rest in entries("device")} == {
        "sessions_ended",
        "everybody_signed_out",
    }


@pytest.mark.parametrize("how", ["one", "everybody"])
def test_signing_others_out_asks_for_the_right(firm, how):
    Session.start(firm.ada)
    with pytest.raises(Forbidden):
        firm.ada.sign_out_everywhere(firm.li) if how == "one" else User.sign_everybody_out(firm.li)
    assert Session.open_of(firm.ada).count() == 1
