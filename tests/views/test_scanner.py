"""Files from outside are shown to clamd before anything of them is kept. The server here speaks
its protocol; the real one is asked in the full set."""

import datetime as dt
import io
import re

import pytest

from config import BadSetting, settings
from config import scanner as scanner_settings
from models.adapters import blobs, scanner
from models.adapters.outbox import Mail
from models.archive import ExternalFile
from models.core.clock import at, now
from models.core.database import db
from models.core.errors import Refused
from models.customers import Customer
from models.documents import Document
from models.operations import doctor
from models.operations.unchecked_file import PATIENCE, UncheckedFile
from models.people import AccessEntry
from models.people.access_entry import keep_waiting
from tests.firm import KEY
from tests.spoiling import dump, enter, fields_read
from tests.support import required
from tests.support.clamd import EICAR, Clamd, real
from tests.support.undo import undone
from tests.valid_forms import CASES
from tests.valid_forms.fields import UPLOADS, filled
from tests.valid_forms.shared import PNG

PDF = b"%PDF-1.4\n%clean\n"
FILES = {"file", "photo", "slip", "logo", "seal", "contract_seal", "font"}


@pytest.fixture
def clamd(app, tmp_path):
    made = Clamd(tmp_path / "clamd.sock")
    use(made.address)
    yield made
    made.stop()
    use("")


ATTACHED = {  # read by functools.partial, which no reading of their source shows
    "requests.comment": {"file"},
    "disputes.say": {"file"},
    "portal_disputes.create": {"file"},
    "portal_disputes.say": {"file"},
    "portal_payments.create": {"slip"},
}


def use(address, away="refuse"):
    scanner.use({"CLAMD": address, "CLAMD_AWAY": away})


def send(browser, data, name="contract.pdf", **more):
    more = {"customer": str(Customer.select().first().id), **more}
    fields = {"kind": "other", "title": "My title", "day": "2026-11-20", "note": "kept note"}
    file = {"file": (io.BytesIO(data), name), "idempotency_key": KEY}
    return browser.post("/archive/files/", data={**fields, **file, **more})


def lines():
    keep_waiting()
    return [row.told for row in AccessEntry.select().where(AccessEntry.kind == "refusal")]


@pytest.mark.asvs("5.4.3")
def test_a_clean_file_is_looked_at_whole_and_taken(clamd, firm, sign_in):
    data = PDF + b"x" * 700_000
    assert send(sign_in(firm.li), data).status_code == 303
    assert clamd.seen == [data] and ExternalFile.select().count() == 1
    assert not UncheckedFile.select().exists()


@pytest.mark.asvs("5.4.3")
def test_no_form_takes_a_file_with_a_virus(clamd, app, firm, sign_in):
    """Every form that a file comes with: refused, and nothing kept."""
    asked = set()
    for endpoint, case in CASES.items():
        read = FILES & set(fields_read(app.view_functions[endpoint])) | ATTACHED.get(
            endpoint, set()
        )
        with undone():
            who, path, fields, _strangers, *cookies = case(firm)
            browser = enter(app, firm, sign_in, who, "en", *cookies)
            for name in sorted(read | FILES & set(fields)):
                was = UPLOADS[fields[name]]()[1] if fields.get(name) in UPLOADS else "a.png"
                data = {**filled(fields), name: (io.BytesIO(b"%PDF " + EICAR), was)}
                before, kept, seen = dump(), set(blobs.listing()), len(clamd.seen)
                answer = browser.post(path, data=data)
                assert 400 <= answer.status_code < 500, f"{endpoint} {name}: {answer.status_code}"
                assert "Eicar-Test-Signature" in answer.text, f"{endpoint} {name}"
                assert dump() == before and set(blobs.listing()) == kept, endpoint
                assert len(clamd.seen) > seen, endpoint
                asked.add((endpoint, name))
    assert len(asked) >= 15 and {e for e, _name in asked} >= set(ATTACHED), asked


@pytest.mark.asvs("5.4.3")
def test_a_list_of_flows_with_a_virus_is_refused(clamd, firm, sign_in):
    file = (io.BytesIO(b'["' + EICAR.replace(b"\\", b"") + b'"]'), "flows.json")
    clamd.says = b"stream: In.Json FOUND\0"
    sent = {"file": file, "idempotency_key": KEY}
    answer = sign_in(firm.ada).post("/flows/import", data=sent)
    assert answer.status_code == 409 and "In.Json" in answer.text


def test_a_drawn_signature_is_looked_at_too(clamd, app, firm, sign_in):
    order = firm.issued("order", price="10")
    clamd.says = b"stream: Drawn.Virus FOUND\0"
    browser = sign_in(firm.anna)
    path = f"/portal/documents/{order.id}/confirmation"
    sent = {"name": "Anna", "signature": PNG, "idempotency_key": KEY}
    answer = browser.post(path, data=sent)
    assert answer.status_code == 409 and "Drawn.Virus" in answer.text
    assert clamd.seen and not Document.get_by_id(order.id).confirmed_at


def test_what_was_found_is_told_and_what_was_typed_stays(clamd, firm, sign_in):
    clamd.says = b"stream: <b>Evil</b>.\xff\n FOUND\0"
    answer = send(sign_in(firm.li), PDF)
    assert answer.status_code == 409 and "kept note" in answer.text and "My title" in answer.text
    assert "_b_Evil__b_" in answer.text and "<b>Evil" not in answer.text
    [told] = lines()
    assert re.match(r"file refused by the virus scanner: _b_Evil__b_\S+, by User \d+ from", told)
    assert "Evil" in sign_in(firm.ada).get("/access/?kind=refusal").text


AWAY = {
    "is not there": lambda c: c.stop() or use(f"{c.address}.gone"),
    "hangs": lambda c: setattr(c, "hangs", True),
    "says nothing": lambda c: setattr(c, "says", b"\0"),
    "says an error": lambda c: setattr(c, "says", b"stream: Can't open file ERROR\0"),
    "says too much": lambda c: setattr(c, "says", b"OK" * 4096),
    "lies about its stream": lambda c: setattr(c, "says", b"OK\0"),
}


@pytest.mark.asvs("5.4.3", "16.5.3")
@pytest.mark.parametrize("how", AWAY)
def test_a_scanner_that_is_away_lets_no_file_in(clamd, firm, sign_in, monkeypatch, how):
    monkeypatch.setattr(scanner, "PATIENCE", 0.5)
    AWAY[how](clamd)
    answer = send(sign_in(firm.li), PDF)
    assert answer.status_code == 409 and "be checked for viruses at the moment" in answer.text
    assert "kept note" in answer.text and not ExternalFile.select().exists()
    assert "scanner away" in lines()[0]
    assert send(sign_in(firm.li), b"").status_code != 500


def test_a_file_that_the_scanner_does_not_look_at_for_its_size_is_refused(clamd, firm, sign_in):
    clamd.most = 1000
    answer = send(sign_in(firm.li), PDF + bytes(3_000_000))
    assert answer.status_code == 409 and "larger than the virus scanner" in answer.text
    assert not ExternalFile.select().exists()


def test_where_the_settings_say_so_files_are_taken_with_a_mark(clamd, firm, sign_in):
    use(f"{clamd.address}.gone", away="take")
    browser = sign_in(firm.li)
    assert send(browser, PDF + EICAR, "evil.pdf").status_code == 303
    [mark], [file] = UncheckedFile.select(), ExternalFile.select()
    assert mark.name == "evil.pdf" and "file taken unchecked" in lines()[0]
    address = f"/archive/files/{file.id}/versions/1"
    assert EICAR in browser.get(address).data
    assert problem()["away"]
    UncheckedFile.check_waiting()  # still away
    assert UncheckedFile.waiting().count() == 1
    use(clamd.address, away="take")
    assert problem() == {"found": "1", "waiting": 1}
    UncheckedFile.check_waiting()
    assert UncheckedFile.get().found == "Eicar-Test-Signature"
    mails = Mail.select().where(Mail.template == "infected_file")
    assert [m.recipient for m in mails] == [firm.ada.email]
    assert problem()["infected"] == 1
    page = browser.get(address)
    assert page.status_code == 409 and EICAR not in page.data
    together = browser.post("/archive/zip", data={"ids": [str(file.filing_id)]})
    assert together.status_code == 409 and EICAR not in together.data
    UncheckedFile.check_waiting()
    assert mails.count() == 1


def test_a_clean_file_loses_its_mark_and_one_that_was_not_kept_too(clamd, firm, sign_in):
    use(f"{clamd.address}.gone", away="take")
    send(sign_in(firm.li), PDF)
    UncheckedFile.note("0" * 64, "never kept")
    use(clamd.address, away="take")
    UncheckedFile.check_waiting()
    assert [row.name for row in UncheckedFile.select()] == ["never kept"]
    with at(now() + PATIENCE + dt.timedelta(minutes=1)):
        UncheckedFile.check_waiting()
    assert not UncheckedFile.select().exists() and problem() == {}


def problem():
    """What the doctor says of the scanner; None when it is not asked."""
    found = [facts for _n, code, _good, facts in doctor.examine(False) if code == "scanner"]
    return found[0] if found else None


def test_the_doctor_and_the_status_page_tell_of_the_scanner(clamd, firm, sign_in):
    page = sign_in(firm.ada).get("/status/").text
    assert problem() == {} and "The virus scanner looks at files" in page
    use(f"{clamd.address}.gone")
    assert "files cannot be checked" in sign_in(firm.ada).get("/status/").text
    use("")
    assert problem() is None and "virus scanner" not in sign_in(firm.ada).get("/status/").text


def test_nothing_is_scanned_inside_a_transaction(clamd):
    with pytest.raises(AssertionError), db.atomic():
        scanner.checked(PDF)


@pytest.mark.parametrize(
    "setting", ["clamd", "unix:run", "tcp://host", "tcp://host:x", "tcp://:3310", "tcp://h:1#a"]
)
def test_a_setting_that_means_nothing_does_not_start(monkeypatch, setting):
    monkeypatch.setenv("CLAMD", setting)
    with pytest.raises(BadSetting, match="CLAMD"):
        scanner_settings()
    monkeypatch.setenv("CLAMD", "tcp://[::1]:3310")
    assert scanner_settings()["CLAMD"] == "tcp://[::1]:3310"
    monkeypatch.setenv("CLAMD_AWAY", "perhaps")
    with pytest.raises(BadSetting, match="CLAMD_AWAY"):
        scanner_settings()


def test_without_a_setting_nothing_is_asked(app):
    assert not scanner.is_set() and scanner.checked(EICAR)
    assert settings(DATA_DIR=app.config["DATA_DIR"])["CLAMD"] == ""


@pytest.mark.full
@pytest.mark.asvs("5.4.3")
def test_the_real_clamd_finds_what_it_knows(app, firm, sign_in):
    with real() as address:
        use(address or required.missing(required.CLAMD))
        try:
            assert scanner.trouble() == "" and scanner.scan(PDF) == ""
            assert scanner.scan(b"x" * 400_000 + EICAR) == "Eicar-Test-Signature.UNOFFICIAL"
            with pytest.raises(scanner.TooLarge):
                scanner.scan(bytes(3 * 2**20))
            answer = send(sign_in(firm.li), PDF + EICAR)
            assert answer.status_code == 409 and "Eicar-Test-Signature" in answer.text
            with pytest.raises(Refused):
                scanner.checked(EICAR)
        finally:
            use("")
