"""What is issued is printed right after: by the worker, or by the first who asks for it."""

import datetime as dt
import subprocess
import sys

import pytest

from models import printed
from models.adapters import blobs, outbox
from models.adapters.outbox import Mail
from models.adapters.printing import pdf
from models.adapters.printing.pool import PdfFailed
from models.core.clock import at, now
from models.core.database import db
from models.core.errors import Refused
from models.documents import Document
from models.numbering import NumberSeries
from models.operations import checks
from models.receivables.statement import Statement
from tests.together import MANY, at_once

KEY = "k" * 24


@pytest.fixture
def broken(monkeypatch):
    """No PDF can be laid out, until it is called."""
    real = pdf._convert

    def fail(*_args):
        raise PdfFailed("took too long")

    monkeypatch.setattr(pdf, "_convert", fail)
    yield lambda: monkeypatch.setattr(pdf, "_convert", real)
    printed._failed.clear()


def fresh(row):
    return type(row).get_by_id(row.id)


def test_issuing_commits_number_and_content_and_prints_nothing(firm, broken):
    document = firm.approved(price="10")
    document.issue(by=firm.li)
    issued = fresh(document)
    assert issued.being_printed and issued.pdf_sha256 is None and issued.snapshot["number"]
    assert [e.action for e in issued.events][-1] == "issued" and checks.faults() == []


def test_printing_is_one_event_and_twice_does_nothing(firm):
    document = firm.issued(price="10")
    document.keep_pdf()
    sha = document.pdf_sha256
    document.keep_pdf()
    fresh(document).keep_pdf()
    assert blobs.fetch(sha).startswith(b"%PDF") and fresh(document).pdf_sha256 == sha
    assert [e.action for e in document.events].count("paper_made") == 1
    assert not fresh(document).being_printed and checks.faults() == []


def test_the_worker_prints_every_kind(firm):
    invoice = firm.issued(price="1000")
    statement = Statement.make(firm.fang, firm.a, "CNY", invoice.date, invoice.date)
    statement.send(firm.fang)
    statement.confirm(firm.anna, "Anna")
    printed.print_waiting()
    assert (
        fresh(invoice).pdf_sha256
        and fresh(statement).pdf_sha256
        and fresh(statement).confirmed_pdf_sha256
    )
    assert printed.waiting() == []
    printed.print_waiting()
    assert [e.action for e in statement.events].count("paper_made") == 2 and checks.faults() == []


def test_nothing_is_laid_out_inside_a_transaction(firm):
    document = firm.issued(price="10")
    with pytest.raises(AssertionError), db.atomic():
        document.keep_pdf()


def test_what_cannot_be_printed_is_told_tried_again_and_keeps_back_no_other(
    firm, broken, monkeypatch
):
    first = firm.issued(price="10")
    with pytest.raises(PdfFailed, match=first.number):
        printed.print_waiting()
    broken()
    second = firm.issued(price="20")
    with pytest.raises(PdfFailed, match=first.number):  # still told while it waits for its turn
        printed.print_waiting()
    assert fresh(second).pdf_sha256 and not fresh(first).pdf_sha256
    monkeypatch.setattr(printed, "RETRY_SECONDS", -1)
    printed.print_waiting()
    assert fresh(first).pdf_sha256 and first.number != second.number and checks.faults() == []


def test_a_number_is_used_whether_or_not_its_pdf_succeeds(firm, broken):
    assert firm.issued(price="10").number.endswith("0001")
    assert firm.issued(price="10").number.endswith("0002") and NumberSeries.select().count() == 1


def test_a_mail_goes_only_with_its_pdf(firm, server, broken):
    document = firm.issued(price="10")
    Mail.delete().execute()
    document.send(firm.li, [firm.anna], key="k", base_url="http://localhost:8000")
    with pytest.raises(PdfFailed):
        printed.print_waiting()
    outbox.deliver_waiting()
    assert server.mails == [] and Mail.get().state == "queued"
    broken()
    document.keep_pdf()
    outbox.deliver_waiting()
    (part,) = server.mails[0].iter_attachments()
    assert part.get_content() == document.pdf_bytes() and Mail.get().state == "sent"


def test_an_imported_document_is_printed_when_someone_asks_or_a_mail_needs_it(firm):
    document = firm.issued(price="10")
    Document.update(imported=True, snapshot=None).where(Document.id == document.id).execute()
    document = fresh(document)
    printed.print_waiting()
    assert fresh(document).pdf_sha256 is None and not document.being_printed
    document.send(firm.li, [firm.anna], key="k")
    printed.print_waiting()
    assert fresh(document).pdf_sha256 and fresh(document).snapshot["imported"]
    assert Mail.select().where(Mail.document == document.id, Mail.attachment.is_null(False)).count()


def test_who_asks_at_the_same_time_gets_the_same_pdf(app, firm):
    document = firm.issued(price="10")
    copies = [fresh(document) for _ in range(MANY)]
    found = at_once(app, lambda i: copies[i].pdf_bytes())
    assert len(set(found)) == 1 and found[0].startswith(b"%PDF")
    assert [e.action for e in document.events].count("paper_made") == 1 and checks.faults() == []


def test_a_download_waits_some_seconds_and_then_says_so(firm, sign_in, monkeypatch):
    document = firm.issued(price="10")
    monkeypatch.setattr(printed, "WAIT_SECONDS", 0.05)
    with printed._exclusive(document, "pdf_sha256"):
        with pytest.raises(Refused) as no:
            fresh(document).pdf_bytes()
        answer = sign_in(firm.li).get(f"/documents/{document.id}/pdf")
    assert no.value.code == "being_printed"
    assert answer.status_code == 409 and "still being printed" in answer.get_data(as_text=True)
    assert sign_in(firm.li).get(f"/documents/{document.id}/pdf").data.startswith(b"%PDF")


def test_the_page_says_that_it_is_being_printed_until_it_is(firm, sign_in):
    document, browser = firm.issued(price="10"), sign_in(firm.li)
    polls = "every 1s"
    pages = f"/documents/{document.id}", f"/documents/{document.id}/printing"
    for page in pages:
        text = browser.get(page).get_data(as_text=True)
        assert f'id="pdf-{document.id}"' in text and polls in text
    document.keep_pdf()
    for page in pages:
        text = browser.get(page).get_data(as_text=True)
        assert f'id="pdf-{document.id}"' in text and polls not in text


@pytest.mark.real_pdf
def test_the_same_content_gives_the_same_bytes_on_any_day(firm):
    document = firm.issued(price="10")
    content = fresh(document).snapshot
    first = pdf.render(content)
    with at(now() + dt.timedelta(days=40)):
        assert pdf.render(content) == first
    assert f"D:{document.issued_on:%Y%m%d}".encode() in first


def test_printing_needs_no_portal():
    """Neither Flask nor a table is loaded for it, so that no page's context can slip in."""
    code = (
        "import sys; from models.adapters.printing import environment, pdf;"
        "print(environment.html('pdf/_foot.html', 'zh', paper={'seller': {'name': 'N'}}));"
        "assert not {'flask', 'flask_babel'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "页" in done.stdout


def test_how_many_pdfs_wait_and_since_when(firm, broken):
    assert printed.queue() == (0, None)
    with at(dt.datetime(2026, 3, 2, 8)):
        firm.issued(price="10")
    with at(dt.datetime(2026, 3, 2, 9)):
        last = firm.issued(price="20")
    assert printed.queue() == (2, dt.datetime(2026, 3, 2, 8))
    broken()
    Document.get(Document.id != last.id, Document.number.is_null(False)).keep_pdf()
    assert printed.queue() == (1, dt.datetime(2026, 3, 2, 9))


def test_the_pdfs_to_be_made_are_those_that_a_plain_look_at_all_documents_finds(firm, broken):
    papers = [firm.issued(price="10") for _ in range(4)]
    firm.draft()
    with_pdf, old, awaited, _own = papers
    Document.update(pdf_sha256="0" * 64).where(Document.id == with_pdf.id).execute()
    for paper in (old, awaited):
        Document.update(imported=True).where(Document.id == paper.id).execute()
    Mail.delete().execute()
    awaited = Document.get_by_id(awaited.id)
    awaited.send(firm.li, [firm.anna], key="k" * 20)
    mailed = {
        mail.document
        for mail in Mail.select()
        if mail.state == "queued" and mail.filename and mail.attachment is None
    }
    assert mailed == {awaited.id}
    plain = [
        d.id
        for d in Document.select().order_by(Document.id)
        if d.state in ("issued", "archived", "voided")
        and d.pdf_sha256 is None
        and (not d.imported or d.id in mailed)
    ]
    assert [d.id for d in Document.unprinted("pdf_sha256")] == plain != []
    assert len(plain) == 2


@pytest.mark.on_sqlite
def test_the_pdfs_to_be_made_are_found_without_reading_all_documents(firm):
    sql, params = Document.unprinted("pdf_sha256").sql()
    plan = [row[3] for row in db.execute_sql(f"EXPLAIN QUERY PLAN {sql}", params).fetchall()]
    assert any("document_unprinted" in step for step in plan)
    assert not any("document_state" in step for step in plan), plan
