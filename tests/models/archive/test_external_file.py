"""Files from outside: known by their content, kept in versions, bombs and strangers turned away."""

import io
import zipfile

import pytest
from PIL import Image

from models.adapters import blobs
from models.adapters.blobs import MOST_BYTES
from models.archive import ExternalFile, Filing
from models.core.errors import Refused
from models.operations import checks
from tests.support.workbooks import saved, xlsx


def picture(colour="white", form="PNG"):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, form)
    return out.getvalue()


def box(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def zipped(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return out.getvalue()


def test_a_signed_slip_is_filed_beside_its_delivery_note(firm):
    note = firm.issued("delivery_note", price="10")
    slip = ExternalFile.receive(
        firm.li, picture(), "IMG_1.png", "delivery_note", title="签收单", document=note
    )
    assert (
        slip.filing.customer == firm.a
        and slip.filing.name.startswith("签收单_北京甲公司_2")
        and slip.newest.mime == "image/png"
    )
    assert (
        slip.filing.bytes() == picture()
        and note.external_files.get() == slip
        and checks.faults() == []
    )


def test_a_better_scan_becomes_the_next_version_and_the_first_stays(firm):
    slip = ExternalFile.receive(
        firm.li, picture(), "a.png", "contract", title="合同", customer=firm.a
    )
    slip.add_version(firm.fang, picture("black", "JPEG"), "b.jpg", "更清楚")
    versions = list(slip.versions.order_by(slip.versions.model.number))
    assert [v.number for v in versions] == [1, 2] and [v.bytes() for v in versions] == [
        picture(),
        picture("black", "JPEG"),
    ]
    assert (
        Filing.get_by_id(slip.filing_id).sha == versions[1].sha
        and Filing.get().name.endswith(".jpg")
        and checks.faults() == []
    )
    with pytest.raises(Refused) as no:
        slip.add_version(firm.fang, picture(), "again.png")
    assert no.value.code == "version_same"


@pytest.mark.parametrize(
    "data, code",
    [
        (b"", "file_empty"),
        (b"MZ" + b"x" * 500, "file_kind"),
        (b"plain words", "file_kind"),
        (b"<html><body>x</body></html>", "file_kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file_kind"),
        (b"<a><b></a>", "file_damaged"),
        (b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "file_damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 400, "file_damaged"),
        (b"%PDF-" + b"x" * MOST_BYTES, "attachment_too_large"),
    ],
)
@pytest.mark.asvs("1.3.4", "5.2.2")
def test_what_we_do_not_keep_is_refused(firm, data, code):
    with pytest.raises(Refused) as no:
        ExternalFile.receive(firm.li, data, "x.pdf", "contract", customer=firm.a)
    assert no.value.code == code and not Filing.select().exists()


@pytest.mark.parametrize(
    "parts, code",
    [
        ({"OFD.xml": b"<a/>", "../x.xml": b"<a/>"}, "file_damaged"),
        ({"OFD.xml": b"<a/>", "/etc/x.xml": b"<a/>"}, "file_damaged"),
        ({"OFD.xml": b"<a/>", "big.xml": b" " * (11 * 2**20)}, "unpacked_too_large"),
        ({"OFD.xml": b"<a/>", **{f"{n}.bin": b"" for n in range(2001)}}, "too_many_parts"),
    ],
)
def test_an_ofd_that_is_a_trap_is_refused(firm, parts, code):
    with pytest.raises(Refused) as no:
        ExternalFile.receive(firm.li, zipped(parts), "x.ofd", "einvoice", customer=firm.a)
    assert no.value.code == code


def test_words_are_read_from_tables_and_texts_but_not_from_a_bomb():
    from models.archive import reading

    assert "签字笔" in reading.words(saved(xlsx(("t", [["a"], ["签字笔"]]))), "xlsx")
    assert (
        reading.words(zipped({"word/document.xml": "<w><t>合同条款</t></w>".encode()}), "docx")
        == "合同条款"
    )
    with pytest.raises(Refused):
        reading.words(zipped({f"{n}": b" " * (30 * 2**20) for n in range(11)}), "xlsx")


@pytest.mark.asvs("2.2.3")
def test_strangers_papers_and_customers_are_refused(firm):
    other = firm.issued(price="10", customer=firm.b, by=firm.chen)
    for given in ({"document": other}, {"customer": firm.b}, {}):
        with pytest.raises(Refused):
            ExternalFile.receive(firm.li, picture(), "x.png", "contract", **given)
    assert not Filing.select().exists()


def test_a_lost_version_is_named_by_verify(firm):
    slip = ExternalFile.receive(
        firm.li, picture(), "a.png", "contract", title="合同", customer=firm.a
    )
    blobs.path_of(slip.newest.sha).unlink()
    assert any(slip.filing.code in fault for fault in checks.faults())
