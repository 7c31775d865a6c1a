"""What a stranger's program or a bent browser gets, whatever page it asks."""

import base64
import logging
import re
import socket

import pytest
from argon2 import PasswordHasher
from pypdfium2 import PdfDocument

from app import serving as arguments
from models.adapters import blobs
from models.care import CalendarFeed
from models.core.errors import Refused
from models.customers import Contact
from models.documents import DocumentLink, LinkVisit
from models.people import Code, Device, RecoveryCode, Session, User, digest, whole
from tests.firm import KEY
from tests.models.test_sessions import GOOD, later
from tests.support.signing_in import SID, enter
from tests.valid_forms import CASES
from tests.web import free_port, serving


@pytest.mark.asvs("13.4.4")
def test_trace_is_not_answered(client, firm):
    assert {client.open(p, method="TRACE").status_code for p in ("/", "/sign-in")} == {405}


@pytest.mark.asvs("13.4.1", "13.4.3", "13.4.5")
@pytest.mark.parametrize(
    "path",
    [
        "/.git/config", "/.env", "/static/", "/static/fonts/", "/static/../config.py",
        "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/files/", "/data/danju.db", "/metrics",
        "/docs", "/openapi.json", "/debug", "/console", "/admin", "/server-status",
    ],
)  # fmt: skip
def test_neither_folders_nor_what_lies_beside_the_program_are_served(client, firm, path):
    assert client.get(path).status_code == 404


@pytest.mark.asvs("13.4.2", "16.3.4", "16.5.1", "16.5.4")
@pytest.mark.parametrize("debug", [False, True])  # FLASK_DEBUG was forgotten
def test_what_nobody_expected_is_a_number_for_the_person_and_a_trace_in_the_log(
    app, firm, sign_in, monkeypatch, caplog, debug
):
    def fall(*_args, **_more):
        raise RuntimeError("the inside: SELECT secret FROM keys")

    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", None if debug else False)
    monkeypatch.setitem(app.config, "DEBUG", debug)
    monkeypatch.setitem(app.view_functions, "customers.index", fall)
    with caplog.at_level(logging.ERROR):
        answer = sign_in(firm.li).get("/customers/")
    assert answer.status_code == 500
    for inside in ("the inside", "SELECT", "Traceback", "RuntimeError", ".py"):
        assert inside not in answer.text
    told = next(r for r in caplog.records if "unexpected error" in r.message)
    assert told.exc_info and told.args[0] in answer.text


@pytest.mark.asvs("14.3.1")
def test_signing_out_clears_what_the_browser_has(client, firm):
    firm.li.set_password(GOOD, by=firm.li)
    enter(client, firm.li.email)
    answer = client.post("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get_cookie(SID) is None


@pytest.mark.asvs("6.2.6", "6.2.7")
def test_a_password_is_masked_and_may_be_pasted_or_filled_in(client, firm, sign_in):
    for page, kinds in (
        (client.get("/sign-in").text, {"current-password"}),
        (sign_in(firm.li).get("/sessions").text, {"current-password", "new-password"}),
    ):
        fields = [
            f"<{part.split('>')[0]}>" for part in page.split("<") if part.startswith("input ")
        ]
        secret = [f for f in fields if 'name="password"' in f or 'name="old"' in f]
        assert len(secret) == len(kinds)
        assert all('type="password"' in f for f in secret)
        assert {k for k in kinds for f in secret if f'autocomplete="{k}"' in f} == kinds
        assert "onpaste" not in page and "maxlength" not in "".join(secret).replace(
            'maxlength="128"', ""
        )


@pytest.mark.asvs("6.2.1", "6.2.9")
def test_a_password_has_12_to_128_characters(firm):
    words = "correct horse battery staple "
    for count, taken in ((11, False), (12, True), (64, True), (128, True), (129, False)):
        text = (words * 5)[:count]
        if taken:
            firm.li.set_password(text, by=firm.li)
            assert firm.li.check_password(text)
        else:
            with pytest.raises(Refused):
                firm.li.set_password(text, by=firm.li)


@pytest.mark.asvs("6.2.10")
def test_a_password_does_not_grow_old(client, firm):
    firm.li.set_password(GOOD, by=firm.li)
    with later(days=3000):
        assert enter(client, firm.li.email).location == "/"
        assert client.get("/documents/").status_code == 200


@pytest.mark.asvs("6.4.2")
def test_nobody_is_asked_a_question_that_others_can_answer():
    for model in (User, Contact):
        assert not {n for n in model._meta.columns if "hint" in n or "question" in n}


@pytest.mark.asvs("6.3.2")
def test_a_new_portal_knows_nobody(app, client):
    assert User.select().count() == Contact.select().count() == 0
    assert client.get("/").location == "/setup"


@pytest.mark.asvs("9.1.1", "9.1.2", "9.1.3", "9.2.2")
def test_a_form_s_token_counts_only_as_signed_for_this_browser(app, firm, sign_in):
    app.config["WTF_CSRF_ENABLED"] = True

    def posted(browser, token, cookie=None):
        if cookie is not None:
            browser.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie)
        return browser.post("/language", data={"language": "en", "csrf_token": token}).status_code

    def token_of(browser):
        return browser.get("/").text.split('X-CSRFToken": "')[1].split('"')[0]

    one, other = sign_in(firm.li), sign_in(firm.fang)
    token, foreign = token_of(one), token_of(other)
    kept = one.get_cookie(app.config["SESSION_COOKIE_NAME"]).value
    assert posted(one, token) == 303 and posted(one, foreign) == 400
    signer = app.session_interface.get_signing_serializer(app)
    content, key = signer.loads(kept), app.secret_key
    app.secret_key = "another key of a stranger"
    forged = app.session_interface.get_signing_serializer(app).dumps(content)
    app.secret_key = key
    last = "A" if kept[-2] != "A" else "B"
    unsigned = kept.rsplit(".", 1)[0]
    for cookie in (forged, kept[:-2] + last + kept[-1], unsigned, unsigned + "."):
        assert posted(one, token, cookie) == 400, cookie
    assert posted(one, token, kept) == 303
    assert signer.signer_kwargs["key_derivation"] == "hmac"


@pytest.mark.asvs("1.1.1")
def test_what_comes_is_decoded_once(client, firm, sign_in):
    page = sign_in(firm.li).get("/customers/?q=%2541%26lt%3B").text
    assert 'value="%41&amp;lt;"' in page


@pytest.mark.asvs("15.3.7")
def test_a_field_that_comes_twice_counts_as_its_first_and_none_from_the_address(client, firm):
    firm.li.set_password(GOOD, by=firm.li)
    twice = {"email": [firm.li.email, firm.fang.email], "password": [GOOD, "x"]}
    assert client.post("/sign-in", data=twice).status_code == 303
    assert Session.select().get().user == firm.li
    address = f"/sign-in?email={firm.li.email}&password={GOOD}"
    assert client.post(address, data={}).status_code == 422


@pytest.mark.asvs("15.3.3")
def test_what_a_form_does_not_name_is_not_written(firm, sign_in):
    """A salesperson who may edit a customer gives neither owner nor credit, whatever is sent."""
    _who, path, fields, _strangers = CASES["customers.edit"](firm)
    before = dict(type(firm.a).get_by_id(firm.a.id).__data__)
    more = {"id": 77, "credit_limit": "99999", "owner": firm.wang.id, "import_id": 5}
    answer = sign_in(firm.li).post(path, data={**fields, **more, "idempotency_key": KEY})
    after = type(firm.a).get_by_id(firm.a.id).__data__
    assert answer.status_code == 303 and after["name"] != before["name"]
    kept = ("id", "credit_limit", "owner", "import_id")
    assert [after.get(n) for n in kept] == [before.get(n) for n in kept]


@pytest.mark.asvs("15.3.1")
def test_a_note_of_ours_stands_on_no_page_and_in_no_file_of_the_customer(firm, sign_in):
    paper = firm.printed(price="10", internal_note="a secret margin of ours")
    assert "a secret margin" in sign_in(firm.li).get(f"/documents/{paper.id}").text
    browser, found = sign_in(firm.anna), []
    for path in ("/portal/", "/portal/documents/", f"/portal/documents/{paper.id}"):
        answer = browser.get(path)
        assert answer.status_code == 200
        found += [path] if "a secret margin" in answer.text else []
    pdf = browser.get(f"/portal/documents/{paper.id}/pdf").data
    words = "".join(page.get_textpage().get_text_range() for page in PdfDocument(pdf))
    assert not found and paper.number in words
    assert "a secret margin" not in words


@pytest.mark.asvs("5.3.1", "5.3.2")
def test_a_file_of_a_customer_lies_under_its_hash_away_from_what_is_served(app, firm):
    data = b"<?php system($_GET[0]); ?>"
    sha = blobs.keep(data)
    kept = [p for p in app.config["DATA_DIR"].rglob("*") if p.is_file() and p.read_bytes() == data]
    assert [p.name for p in kept] == [sha] and not kept[0].stat().st_mode & 0o111
    assert not kept[0].is_relative_to(app.static_folder)
    assert app.test_client().get(f"/files/{sha[:2]}/{sha}").status_code == 404


@pytest.mark.asvs("7.1.2")
def test_whoever_is_signed_in_often_sees_each_of_it(firm, sign_in):
    browsers = [sign_in(firm.li) for _ in range(5)]
    assert {b.get("/sessions").status_code for b in browsers} == {200}
    assert len(re.findall(r'/sessions/\d+/end"', browsers[0].get("/sessions").text)) == 5


@pytest.mark.asvs("7.5.2")
@pytest.mark.parametrize("who", ["li", "anna"])
def test_colleagues_and_contacts_see_their_sessions_and_end_one_or_all(firm, sign_in, who):
    person, other = getattr(firm, who), firm.bob if who == "anna" else firm.chen
    here, there, elsewhere = (sign_in(person) for _n in range(3))
    strangers = sign_in(other)
    rows = list(Session.open_of(person))
    page = here.get("/sessions").text
    assert all(f"/sessions/{row.id}/end" in page for row in rows) and len(rows) == 3
    assert here.post(f"/sessions/{Session.open_of(other).get().id}/end").status_code == 404
    here.post(f"/sessions/{rows[1].id}/end")
    assert [b.get("/sessions").status_code for b in (here, there, elsewhere)] == [200, 401, 200]
    assert here.post("/sessions/end").status_code == 303
    assert [b.get("/sessions").status_code for b in (here, elsewhere)] == [401, 401]
    assert strangers.get("/sessions").status_code == 200
    assert list(person.events)[-1].action == "sessions_ended"


@pytest.mark.asvs("4.1.1")
def test_every_answer_says_what_it_is(firm, sign_in):
    browser, paper = sign_in(firm.li), firm.issued(price="10")
    told = {
        "/": "text/html; charset=utf-8",
        "/nowhere": "text/html; charset=utf-8",
        "/static/danju.js": "text/javascript; charset=utf-8",
        "/healthz": "application/json",
        "/favicon.ico": "image/svg+xml; charset=utf-8",
        f"/documents/{paper.id}/pdf": "application/pdf",
        "/documents/export.csv": "text/csv; charset=utf-8",
    }
    assert {path: browser.get(path).headers["Content-Type"] for path in told} == told


@pytest.fixture
def line(app, firm):
    """A connection on which bytes are sent as they are; gives all that is answered."""
    port = free_port()
    settings = arguments({**app.config, "PORT": port, "HOST": "127.0.0.1"})

    def told(data):
        with socket.create_connection(("127.0.0.1", port), 5) as line:
            line.sendall(data)
            line.settimeout(2)
            answer = b""
            try:
                while part := line.recv(65536):
                    answer += part
            except TimeoutError:
                pass
            return [int(code) for code in re.findall(rb"HTTP/1\.[01] (\d+) ", answer)]

    with serving(app, **settings):
        yield told


POST, NEXT = (
    b"POST /sign-in HTTP/1.1\r\nHost: x\r\n",
    b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
)


@pytest.mark.asvs("4.2.1")
@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        b"Content-Length: +5\r\n",
        b"Content-Length: 0x5\r\n",
        b"Content-Length : 5\r\n",
    ],
)
def test_a_request_whose_end_is_in_doubt_is_refused_with_all_behind_it(line, head):
    codes = line(POST + head + b"\r\n0\r\n\r\n" + NEXT)
    assert len(codes) == 1 and codes[0] in (400, 501)


@pytest.mark.asvs("4.2.1")
def test_of_chunks_and_a_length_the_chunks_count(line):
    """The length would take what follows for the body of the first."""
    head = b"Transfer-Encoding: chunked\r\nContent-Length: %d\r\n" % (5 + len(NEXT))
    assert line(POST + head + b"\r\n0\r\n\r\n" + NEXT)[1:] == [404]


@pytest.mark.asvs("6.5.2", "6.5.4", "6.6.3", "7.2.3", "11.2.3")
def test_what_opens_a_door_has_256_bits_and_is_kept_as_a_hash(firm):
    link, code = DocumentLink.make(firm.issued(price="10"), firm.anna)
    for secret, model in (
        (Session.start(firm.li), Session),
        (Code.make("password", firm.li), Code),
        (Code.make("second_factor", firm.li), Code),
        (Device.remember(firm.li, "", ""), Device),
        (CalendarFeed.make(firm.li), CalendarFeed),
        (code, DocumentLink),
        (link.visit(), LinkVisit),
    ):
        assert len(base64.urlsafe_b64decode(secret + "=")) == 32
        kept = model.get(model.token == digest(secret))
        assert secret not in str(kept.__data__)


@pytest.mark.asvs("6.5.2", "6.5.4")
def test_a_code_that_is_typed_has_bits_enough_and_is_kept_with_what_is_not(firm):
    codes = RecoveryCode.renew(firm.li)
    assert {len(base64.b32decode(code.replace("-", ""))) for code in codes} == {15}
    typed, asked = Code.make_short("sign_in", firm.li, "a" * 43), "a" * 43
    assert len(base64.b32decode(typed.replace("-", ""))) == 5
    assert Code.select().get().token == digest(whole(typed, asked))
    assert not Code.holder("sign_in", typed) and not Code.holder("sign_in", whole(typed, "b" * 43))
    assert Code.holder("sign_in", whole(typed.lower(), asked)) == firm.li


@pytest.mark.asvs("11.2.2")
def test_a_password_hashed_at_another_cost_still_opens(firm):
    firm.li.password = PasswordHasher(time_cost=3, memory_cost=64, parallelism=2).hash(GOOD)
    assert firm.li.check_password(GOOD) and firm.li.password.startswith("$argon2id$")
