"""Rights that were taken away and still worked, and lines of a log that somebody else wrote."""

import csv
import io
import logging
import re
import zipfile

import pytest

from config import OneLineFormatter
from models.core.journal import Event
from models.customers import Contact, Customer
from models.people import AccessEntry, Session, Team, User
from tests.firm import KEY
from tests.models.test_sessions import GOOD
from tests.replay.canaries import WORD, plant
from tests.replay.cells import cells_of
from tests.support.signing_in import enter


def fresh(row):
    return type(row).get_by_id(row.id)


# What happens to Li, or to what was Li's, while Li's page is open: (the deed, what is told then).
TAKEN = {
    "switched off": (lambda f: fresh(f.li).disable(f.ada), {401}),
    "another role": (lambda f: fresh(f.li).revise(f.ada, roles=["archivist"]), {401}),
    "the customer given away": (lambda f: fresh(f.a).revise(f.ada, owner=f.chen), {403, 404}),
    "the session ended": (lambda f: Session.delete().execute(), {401}),
}


@pytest.mark.parametrize("case", TAKEN)
@pytest.mark.asvs("8.3.2")
def test_asvs_8_3_2_the_next_request_of_an_open_page_is_refused(firm, sign_in, case):
    """Rights were read when one signed in, and held until one signed out.

    Also what the page asks for by itself, a form that was open, and a file that is asked for."""
    paper, browser = firm.printed(), sign_in(firm.li)
    draft = firm.draft()
    asked = [
        ("GET", f"/documents/{paper.id}"),
        ("GET", f"/documents/{paper.id}/pdf"),
        ("GET", f"/documents/{paper.id}/sheets"),
        ("GET", f"/customers/{firm.a.id}"),
        ("POST", f"/documents/{draft.id}/submission"),
        ("POST", f"/customers/{firm.a.id}/notes"),
        ("POST", f"/documents/{draft.id}/autosave"),
    ]
    assert [browser.get(path).status_code for way, path in asked if way == "GET"] == [200] * 4
    deed, refused = TAKEN[case]
    deed(firm)
    before = Event.select().count()
    for way, path in asked:
        for headers in ({}, {"HX-Request": "true", "X-Unattended": "yes"}):
            form = {"idempotency_key": KEY, "text": "x"} if way == "POST" else None
            answer = browser.open(path, method=way, data=form, headers=headers)
            assert answer.status_code in refused, (way, path)
            assert not answer.data.startswith(b"%PDF")
    assert Event.select().count() == before
    if 401 in refused:
        assert browser.get("/tasks/count", headers={"HX-Request": "true"}).status_code == 401


def test_asvs_8_3_2_a_contact_whose_customer_changes_reads_the_new_ones_at_once(firm, sign_in):
    """And a portal that stays open: with the next click it is the other firm's."""
    theirs, other = firm.printed(), firm.printed(customer=firm.b, by=firm.chen)
    browser = sign_in(firm.anna)
    assert browser.get(f"/portal/documents/{theirs.id}/pdf").status_code == 200
    Contact.update(customer=firm.b.id).where(Contact.id == firm.anna.id).execute()
    assert browser.get(f"/portal/documents/{theirs.id}/pdf").status_code == 404
    assert browser.get(f"/portal/documents/{other.id}/pdf").status_code == 200


@pytest.mark.parametrize(
    "path", ["/documents/export.csv", "/customers/export.csv", "/documents/zip"]
)
def test_asvs_8_3_2_an_export_holds_what_one_may_see_when_it_is_made(firm, sign_in, path):
    """A file that was chosen on a page, and is made after the customers were given away."""
    plant(firm, firm.a, firm.li, 40)
    paper, browser = firm.printed(), sign_in(firm.li)
    ids = {"ids": [str(paper.id)]}
    first = browser.post(path, data=ids) if path.endswith("zip") else browser.get(path)
    assert first.status_code == 200
    Customer.update(owner=firm.chen).execute()
    User.update(team=Team.get(Team.name == "South")).where(User.id == firm.li.id).execute()
    again = browser.post(path, data=ids) if path.endswith("zip") else browser.get(path)
    assert again.status_code in (200, 404, 409)
    if path.endswith("zip"):
        assert zipfile.ZipFile(io.BytesIO(first.data)).namelist() and again.status_code == 409
    else:
        cells = "".join(str(value) for _name, value, _kind in cells_of(path, again.data))
        assert not WORD.search(cells)


# Lines of logs
# ------------------------------------------------------------------------------------------------

FORGED = [
    "x\n2026-11-30T00:00:00Z INFO danju.security sign-in: User 1 from 127.0.0.1",
    "x\r\n2026-11-30 forged",
    "\x1b[2J\x1b[31mred",
    "\x1b]0;title\x07",
    "a\u202egnp.exe",
    "a\u2028b\u2029c\x85d",
    "a\x00b\x08\x7f",
    "%s %(name)s {0}",
]


@pytest.fixture
def lines(caplog):
    """The lines that the log would have, as they stand in the file."""
    caplog.set_level("INFO")

    def read():
        written = "\n".join(OneLineFormatter().format(record) for record in caplog.records)
        return written, len(caplog.records)

    return read


def one_each(lines):
    written, count = lines()
    assert len(re.split(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", written)) == count > 0
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", written)


@pytest.mark.asvs("16.4.1")
def test_asvs_16_4_1_what_a_stranger_sends_is_one_line_of_the_log(app, firm, lines, client):
    """A name with a line break wrote a line of its own: a sign-in that never was.

    In the address to sign in with, the path, the query, the browser's name, the key of a form."""
    firm.li.set_password(GOOD, by=firm.li)
    for text in FORGED:
        enter(client, f"{text}@x.test", "wrong password")
        enter(client, "li@firm.test", f"wrong {text}")
        client.get("/documents/999", query_string={"q": text})
        client.get(f"/links/{text}")
        client.post("/forgotten", data={"email": f"{text}@x.test"})
        shown = text.encode().decode("latin-1", "ignore").translate(dict.fromkeys(range(32)))
        client.get("/", headers={"User-Agent": shown})
    logging.getLogger("danju").warning("odd path %s and name %s", *FORGED[:2])
    one_each(lines)


@pytest.mark.asvs("16.4.1")
def test_asvs_16_4_1_who_was_here_has_one_row_for_each_and_no_sign_that_moves(
    app, firm, sign_in, client
):
    """The page for administrators, and its file, show such words as words."""
    firm.li.set_password(GOOD, by=firm.li)
    for text in FORGED[:4]:
        enter(client, "li@firm.test", f"wrong {text}")
        enter(client, f"{text}@x.test", "wrong password")
    enter(client, "li@firm.test", GOOD)
    browser = sign_in(firm.ada)
    page, file = browser.get("/access/"), browser.get("/access/export.csv")
    assert page.status_code == file.status_code == 200
    found = page.text + file.data.decode()
    assert not [word for word in ("\x1b", "forged", "INFO danju", "\u202e") if word in found]
    rows = list(csv.reader(io.StringIO(file.data.decode("utf-8-sig"))))[1:]
    assert len(rows) > 1 and all(row[0].isdecimal() for row in rows)
    assert not [row for row in AccessEntry.select() if not row.told.isprintable()]


@pytest.mark.parametrize("text", FORGED[:5])
@pytest.mark.asvs("16.4.1")
def test_asvs_16_4_1_no_form_takes_a_name_that_turns_or_breaks_a_line(firm, sign_in, text):
    """A name goes into the journal; one that moves the cursor or the direction is refused."""
    browser, before = sign_in(firm.li), Event.select().count()
    for path in (f"/customers/{firm.a.id}/edit", f"/contacts/{firm.anna.id}/edit"):
        answer = browser.post(path, data={"name": text, "email": "x@y.test"})
        assert answer.status_code == 422
    assert Event.select().count() == before
