"""The archive's pages: found, taken in, watched, and what is left of a destroyed paper."""

import datetime as dt
import io
import re
import secrets

import pytest
import requests

from app import serving
from models.archive import (
    ExternalFile,
    Filing,
    Inspection,
    LegalHold,
    YearPackage,
)
from models.company import Company
from models.core import progress
from models.core.clock import now
from models.documents import Document
from models.people import Session
from tests import einvoices, web
from tests.models.archive.test_external_file import picture
from tests.support.forms import post


def test_what_is_filed_is_found_by_any_word_and_taken_as_a_file(firm, sign_in):
    paper, other = firm.issued(price="10", note="门卫处"), firm.issued(price="20")
    for d in (paper, other):
        Filing.file_document(firm.zhao, d)
    browser = sign_in(firm.li)
    page = browser.get("/archive/?q=门卫").text
    assert paper.number in page and other.number not in page and "Save this filter" in page
    assert paper.number in browser.get("/archive/export.csv?q=门卫").data.decode("utf-8-sig")
    box = browser.get("/search/?q=门卫").text
    assert f'href="/archive/{Filing.of(paper).id}"' in box and "Archive" in box
    assert browser.get(f"/archive/{Filing.of(paper).id}/file").data == Filing.of(paper).bytes()
    assert sign_in(firm.chen).get(f"/archive/{Filing.of(paper).id}").status_code == 404


def test_a_tag_narrows_the_archive_to_what_bears_it_whole(firm, sign_in):
    papers = [firm.issued(price="10") for _ in range(3)]
    for paper, tags in zip(papers, (["年审", "重要"], ["不重要"], []), strict=True):
        Filing.file_document(firm.zhao, paper)
        Filing.of(paper).tag(firm.li, tags)
    page = sign_in(firm.li).get("/archive/?tag=重要").text
    assert [paper.number in page for paper in papers] == [True, False, False]


def test_a_lost_file_is_told_in_plain_words(firm, sign_in):
    from models.adapters import blobs

    paper = firm.issued(price="10")
    Filing.file_document(firm.zhao, paper)
    blobs.path_of(paper.pdf_sha256).unlink()
    answer = sign_in(firm.li).get(f"/archive/{Filing.of(paper).id}/file")
    assert answer.status_code == 500 and "restore it from a backup" in answer.text


def test_several_files_and_a_photo_are_taken_in_at_once_beside_a_paper(firm, sign_in):
    note = firm.issued("delivery_note", price="10")
    answer = sign_in(firm.li).post(
        "/archive/files/",
        content_type="multipart/form-data",
        data={
            "idempotency_key": secrets.token_urlsafe(18),
            "kind": "delivery_note",
            "document": str(note.id),
            "title": "签收单",
            "file": [(io.BytesIO(picture()), "a.png"), (io.BytesIO(b"<x/>"), "b.xml")],
            "photo": (io.BytesIO(picture("red", "JPEG")), "c.jpg"),
        },
    )
    assert answer.status_code == 303 and note.external_files.count() == 3
    assert "签收单" in sign_in(firm.li).get(f"/documents/{note.id}?tab=files").text


def test_a_file_we_do_not_keep_gives_the_form_back(firm, sign_in):
    answer = post(
        sign_in(firm.li),
        "/archive/files/",
        kind="contract",
        customer=str(firm.a.id),
        title="合同甲",
        day="2026-11-20",
        file=(io.BytesIO(b"MZ" + b"x" * 300), "x.pdf"),
    )
    assert (
        answer.status_code == 422
        and "合同甲" in answer.text
        and "Unsupported file type" in answer.text
        and not Filing.select().exists()
    )


def test_of_several_files_the_bad_one_is_named_and_none_is_filed(firm, sign_in):
    answer = sign_in(firm.li).post(
        "/archive/files/",
        content_type="multipart/form-data",
        data={
            "idempotency_key": secrets.token_urlsafe(18),
            "kind": "contract",
            "customer": str(firm.a.id),
            "file": [
                (io.BytesIO(picture()), "a.png"),
                (io.BytesIO(b"MZ" + b"x" * 300), "坏的.pdf"),
                (io.BytesIO(b"<x/>"), "b.xml"),
            ],
        },
    )
    assert (
        answer.status_code == 422
        and "坏的.pdf: Unsupported file type" in answer.text
        and "None of the 3 files is archived." in answer.text
        and not Filing.select().exists()
    )


def test_what_a_stored_page_would_run_is_only_taken_away(firm, sign_in):
    row = ExternalFile.receive(
        firm.li,
        b"<x xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></x>",
        "x.xml",
        "contract",
        customer=firm.a,
    )
    answer = sign_in(firm.li).get(f"/archive/{row.filing_id}/file")
    assert (
        answer.headers["Content-Disposition"].startswith("attachment")
        and answer.mimetype == "application/octet-stream"
    )


def test_tax_invoices_good_and_bad_dropped_together_are_told_apart(firm, sign_in):
    Company.current().revise(firm.ada, tax_id=einvoices.OURS)
    firm.issued(price="100")
    browser = sign_in(firm.fang)
    answer = browser.post(
        "/archive/einvoices/",
        content_type="multipart/form-data",
        data={
            "idempotency_key": secrets.token_urlsafe(18),
            "file": [
                (io.BytesIO(einvoices.xml()), "a.xml"),
                (io.BytesIO(einvoices.ofd()), "b.ofd"),
            ],
        },
    )
    page = browser.get("/archive/einvoices/").text
    assert answer.status_code == 303 and einvoices.NUMBER in page and "None missing" in page
    assert re.search(r'(?s)note flash warning">(?:(?!</div>).)*was already imported', page)
    firm.issued(price="200")
    post(
        browser,
        "/archive/einvoices/",
        file=(
            io.BytesIO(einvoices.pdf(number="2" * 20, net="200.00", tax="26.00", total="226.00")),
            "c.pdf",
        ),
    )
    assert "only the PDF is here" in browser.get("/archive/einvoices/").text


@pytest.mark.parametrize(
    "make, path",
    [
        (lambda f: YearPackage.ask(f.zhao, now().year), "/archive/packages/1"),
        (lambda f: Inspection.ask(f.zhao), "/archive/inspections/1"),
    ],
)
def test_progress_survives_a_reload_and_the_piece_is_the_page(firm, sign_in, make, path):
    Filing.file_document(firm.zhao, firm.issued(price="10"))
    make(firm)
    progress.note(f"{path.split('/')[2][:-1]}-1", 0.4)
    browser = sign_in(firm.zhao)
    page, piece = browser.get(path).text, browser.get(path, headers={"HX-Request": "true"}).text
    assert (
        'value="40"' in page
        and 'hx-trigger="every 1s"' in page
        and "<html" not in piece
        and piece.strip() in page
    )


def test_a_package_is_taken_away_when_it_is_made(firm, sign_in):
    Filing.file_document(firm.zhao, firm.issued(price="10"))
    row = YearPackage.ask(firm.zhao, now().year)
    browser = sign_in(firm.zhao)
    assert browser.get(f"/archive/packages/{row.id}/zip").status_code == 404
    YearPackage.run_waiting()
    assert browser.get(f"/archive/packages/{row.id}/zip").data[:2] == b"PK"
    assert sign_in(firm.fang).get(f"/archive/packages/{row.id}/zip").status_code == 403


def test_what_is_too_large_is_answered_by_a_page_of_ours(app, firm):
    """The real server: it would answer by a bare English line before the portal hears of it."""
    with web.serving(app, **serving({**app.config, "HOST": "127.0.0.1", "PORT": 0})) as server:
        browser, address = (
            requests.Session(),
            f"http://127.0.0.1:{server.effective_port}/archive/files/",
        )
        browser.cookies.update({"danju_sid": Session.start(firm.li), "language": "en"})

        def send(*sizes):
            photo = (b"<scan>" + secrets.token_hex(20).encode() + b"</scan>").ljust
            return browser.post(
                address,
                data={
                    "kind": "contract",
                    "title": "Three photos",
                    "customer": firm.a.id,
                    "idempotency_key": secrets.token_hex(10),
                },
                files=[("file", (f"{n}.xml", photo(size, b" "))) for n, size in enumerate(sizes)],
                allow_redirects=False,
            )

        assert send(8 * 2**20, 8 * 2**20, 8 * 2**20 + 1).status_code == 303
        answer = send(21 * 2**20)
        assert (
            answer.status_code in (409, 422)
            and "20 MB" in answer.text
            and 'value="Three photos"' in answer.text
        )
        answer = send(*[19 * 2**20] * 6)
        assert (
            answer.status_code == 413
            and "all together 100 MB" in answer.text
            and "Back" in answer.text
        )


def test_what_is_filed_is_said_to_be_kept_and_nobody_promised_it(firm, sign_in):
    paper = firm.issued(price="10")
    Filing.file_document(firm.zhao, paper)
    browser = sign_in(firm.zhao)
    assert 'badge-kept">In archive</span>' in browser.get(f"/archive/{Filing.of(paper).id}").text
    assert 'value="kept">In archive</option>' in browser.get("/archive/").text


def test_a_legal_hold_is_not_called_a_pause_of_reminders(firm, sign_in):
    LegalHold.place(firm.zhao, "审计", "税务稽查", customer=firm.a)
    browser = sign_in(firm.zhao)
    browser.set_cookie("language", "zh")
    page = browser.get("/archive/holds/").text
    assert "催款" not in page and "暂缓销毁范围" in page and "设为暂缓销毁" in page


def test_the_box_says_whose_tax_id_is_missing_and_where_to_write_it(firm, sign_in):
    Company.current().revise(firm.ada, tax_id=einvoices.OURS)
    papers = [firm.issued(price=price, customer=firm.b, by=firm.chen) for price in ("100", "200")]
    browser = sign_in(firm.fang)
    post(browser, "/archive/einvoices/", file=(io.BytesIO(einvoices.xml()), "a.xml"))
    page = browser.get("/archive/einvoices/").text
    assert (
        papers[0].number in page
        and "Beta Ltd has no tax ID" in page
        and f'href="/customers/{firm.b.id}/edit"' in page
    )
    post(
        browser,
        "/archive/einvoices/",
        file=(
            io.BytesIO(
                einvoices.xml(
                    number="3" * 20,
                    buyer="91330000MA0000001X",
                    net="200.00",
                    tax="26.00",
                    total="226.00",
                    remark=papers[1].number,
                )
            ),
            "b.xml",
        ),
    )
    table = (
        browser.get("/archive/einvoices/").text.partition("Received")[2].partition("</table>")[0]
    )
    assert papers[1].number in table and f'href="/customers/{firm.b.id}/edit"' in table


def test_a_tax_invoice_is_assigned_only_when_asked_and_taken_back_with_its_reason(firm, sign_in):
    Company.current().revise(firm.ada, tax_id=einvoices.OURS)
    papers = [firm.issued(price="100") for _ in range(2)]
    browser = sign_in(firm.fang)
    post(browser, "/archive/einvoices/", file=(io.BytesIO(einvoices.xml()), "a.xml"))
    assert f"Does tax invoice {einvoices.NUMBER} belong" in browser.get("/archive/einvoices/").text
    assert (
        post(browser, "/archive/einvoices/1/assignment", document=str(papers[0].id)).status_code
        == 303
    )
    assert "Which invoice is it?" not in browser.get("/archive/einvoices/").text
    assert post(browser, "/archive/einvoices/1/release", reason="点错了").status_code == 303
    assert (
        "Which invoice is it?" in browser.get("/archive/einvoices/").text
        and "点错了" in browser.get(f"/archive/{Filing.get().id}").text
    )


def test_a_file_filed_wrongly_is_corrected_on_its_page_and_says_what_it_said_before(firm, sign_in):
    row = ExternalFile.receive(
        firm.li,
        picture(),
        "IMG.png",
        "contract",
        title="合同",
        customer=firm.a,
        day=dt.date(2026, 3, 9),
    )
    browser, address = sign_in(firm.zhao), f"/archive/files/{row.id}/correction"
    assert (
        address in browser.get(f"/archive/{row.filing_id}").text
        and address not in sign_in(firm.li).get(f"/archive/{row.filing_id}").text
    )
    browser = sign_in(firm.zhao)
    assert 'value="2026-03-09"' in browser.get(address).text
    bad = post(
        browser,
        address,
        kind="other",
        day="2026-03-09",
        customer=str(firm.a.id),
        title="来函丙",
        reason=" ",
    )
    assert bad.status_code == 422 and "来函丙" in bad.text and "Enter a reason" in bad.text
    assert (
        post(
            browser,
            address,
            kind="other",
            day="2025-03-09",
            customer=str(firm.b.id),
            title="来函丙",
            reason="手滑",
        ).status_code
        == 303
    )
    page = browser.get(f"/archive/{row.filing_id}").text
    assert (
        "DA-OT-2025-00001" in page
        and "before: DA-CT-2026-00001" in page
        and "Contracts → Other files" in page
        and "手滑" in page
    )
    left = Filing.get(Filing.state == "moved")
    assert (
        "Now archived as DA-OT-2025-00001." in browser.get(f"/archive/{left.id}").text
        and "Moved to another folder" in browser.get("/archive/?state=moved").text
    )
    assert sign_in(firm.li).get(f"/archive/{left.id}").status_code == 404


def test_papers_not_filed_yet_are_told_of_before_the_package_is_made_and_filed_by_a_button(
    firm, sign_in
):
    papers = [firm.issued(price="10") for _ in range(3)]
    Filing.file_document(firm.zhao, papers[0])
    browser, year = sign_in(firm.zhao), papers[0].issued_on.year
    page = browser.get("/archive/packages/").text
    assert f"{year}: 2 issued documents are not archived yet" in page and "Archive now" in page
    assert post(browser, "/archive/packages/filings", year=str(year)).status_code == 303
    page = browser.get("/archive/packages/").text
    assert (
        "not archived yet" not in page
        and "2 documents archived." in page
        and Document.select().where(Document.state == "archived").count() == 3
    )


def test_a_package_that_no_backup_held_is_marked_and_made_again(firm, sign_in):
    paper = firm.issued(price="70")
    Filing.file_document(firm.zhao, paper)
    row = YearPackage.ask(firm.zhao, paper.issued_on.year)
    YearPackage.run_waiting()
    YearPackage.get_by_id(row.id).path.unlink()
    browser = sign_in(firm.zhao)
    assert "File missing" in browser.get("/archive/packages/").text
    assert "is not here" in browser.get(f"/archive/packages/{row.id}").text
    assert browser.get(f"/archive/packages/{row.id}/zip").location == f"/archive/packages/{row.id}"
    assert post(browser, "/archive/packages/", year=str(row.year)).status_code == 303
    YearPackage.run_waiting()
    new = YearPackage.select().order_by(YearPackage.id.desc()).get()
    assert browser.get(f"/archive/packages/{new.id}/zip").data[:2] == b"PK"


def test_a_document_is_archived_by_hand_before_its_pdf_is_made(firm, sign_in):
    paper = firm.issued(price="10")
    assert not paper.pdf_sha256
    answer = post(sign_in(firm.zhao), f"/documents/{paper.id}/archiving")
    assert answer.status_code == 303 and Filing.of(paper).name.endswith(".pdf")
