"""What is known only later is laid over a copy of the PDF; the stored bytes stay."""

import io
import zipfile

import pypdfium2
import pytest
from PIL import ImageChops

from models import printed
from models.adapters import blobs, outbox
from models.adapters.outbox import Mail
from models.archive import EInvoice
from models.company import Company
from models.core.clock import today
from models.documents import Document
from tests import einvoices


def words(data):
    return "".join(
        page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(io.BytesIO(data))
    )


def picture(data):
    return pypdfium2.PdfDocument(io.BytesIO(data))[0].render(scale=1).to_pil().convert("RGB")


def voided(firm, language):
    document = firm.printed(price="100", language=language)
    document.send(firm.li, [firm.anna], key="k")
    document.void(firm.wang, "typed wrongly")
    return Document.get_by_id(document.id)


@pytest.mark.parametrize("language, mark", [("zh", "作废"), ("en", "VOID")])
def test_a_void_document_is_marked_wherever_it_is_given_out(firm, sign_in, server, language, mark):
    document = voided(firm, language)
    stored = blobs.fetch(document.pdf_sha256)
    anna, key = sign_in(firm.anna), {"ids": document.id}
    bundle = zipfile.ZipFile(io.BytesIO(anna.post("/portal/documents/zip", data=key).data))
    given_out = {
        "staff": sign_in(firm.li).get(f"/documents/{document.id}/pdf").data,
        "customer": anna.get(f"/portal/documents/{document.id}/pdf").data,
        "zip": bundle.read(bundle.namelist()[0]),
    }
    Mail.update(state="queued").where(Mail.document == document.id).execute()
    outbox.deliver_waiting()
    given_out["mail"] = next(server.mails[-1].iter_attachments()).get_content()
    for way, data in given_out.items():
        assert f"{mark} {today()}" in words(data), way
    changed = ImageChops.difference(picture(stored), picture(given_out["staff"])).getbbox()
    assert changed[2] - changed[0] > 250 and changed[3] - changed[1] > 250, "not across the page"
    assert mark not in words(stored) and document.pdf_bytes() == stored


def test_a_chinese_invoice_is_no_tax_invoice_and_bears_the_number_of_its_own(firm, sign_in):
    document = firm.printed(price="100", language="zh")
    stored = document.pdf_bytes()
    assert "商业发票" in words(stored) and "本单据非税务发票" in words(stored)
    assert document.stamped_pdf() == stored
    Company.current().revise(firm.ada, tax_id=einvoices.OURS)
    EInvoice.drop(firm.fang, einvoices.xml(remark=document.number), "a.xml")
    number = document.tax_invoice_number()
    assert number and f"数电票号码：{number}" in words(document.stamped_pdf())
    assert number not in words(stored) and blobs.fetch(document.pdf_sha256) == stored
    for person, path in ((firm.li, "documents"), (firm.anna, "portal/documents")):
        assert number in sign_in(person).get(f"/{path}/{document.id}").text


def test_an_english_invoice_of_a_firm_in_china_is_no_tax_invoice_either(firm):
    line = "This document is not a tax invoice"
    draft = firm.draft(language="en")
    assert line in words(draft.preview())
    assert line not in words(firm.draft("order", language="en").preview())
    Company.update(language="en").execute()
    assert "not_tax_invoice" not in draft.freeze()


def test_the_firms_own_title_is_frozen_at_issue(firm):
    old = firm.issued(price="100", language="zh")
    Company.current().revise(firm.ada, settings={"title_invoice_zh": "形式发票"})
    draft, english = firm.draft(language="zh"), firm.draft(language="en")
    assert old.snapshot["title"] == "商业发票" and draft.freeze()["title"] == "形式发票"
    assert "title" not in english.freeze()
    assert "title" not in firm.draft("order", language="zh").freeze()
    note = old.convert(firm.li, "credit_note")
    assert note.freeze()["title"] == "贷项通知单"
    printed.print_waiting()
    assert "商业发票" in words(Document.get_by_id(old.id).pdf_bytes())
