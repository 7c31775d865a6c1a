"""A firm adds a font for letters that ours lack: it is checked, printed with, and removed."""

import io

import pypdfium2
import pytest

from models.adapters import blobs
from models.company import Company
from models.core.errors import Forbidden
from models.core.journal.event import Event
from models.documents import Document
from models.printed import laid_out
from tests.support.own_font import ETHIOPIC, MADE_OF, font
from tests.valid_forms.firm import SETTINGS

NAME = f"{ETHIOPIC} ሀ"  # of the last letter no TrueType outlines has a glyph


def post(browser, data=b"", remove_font=""):
    file = (io.BytesIO(data), "own.ttf" if data else "")
    return browser.post("/settings/", data={**SETTINGS, "font": file, "remove_font": remove_font})


def fonts_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    return {item.get_font().get_base_name() for item in document[0].get_objects() if item.type == 1}


@pytest.mark.real_pdf
def test_letters_that_ours_lack_are_printed_by_the_firms_font(firm, sign_in):
    paper = firm.approved()
    Document.update(reference=NAME).where(Document.id == paper.id).execute()
    paper = Document.get_by_id(paper.id)
    assert set(paper.doubts(paper.freeze())["not_printable"]) == set(NAME) - {" "}
    assert post(sign_in(firm.ada), font()).status_code == 303
    own = Company.current()
    assert own.font and own.font_name == "NotoSansHebrew-Regular"
    assert paper.doubts(paper.freeze())["not_printable"] == ["ሀ"]
    printed = laid_out(paper.freeze())
    assert any("NotoSansHebrew" in name for name in fonts_of(printed))
    assert laid_out(paper.freeze()) == printed
    told = own.events.order_by(Event.id.desc()).first().facts
    assert {"font", "font_name"} <= set(told["changed"]) and own.font not in str(told)


def test_the_font_is_removed_by_its_tick(firm, sign_in):
    browser = sign_in(firm.ada)
    assert 'name="remove_font"' not in browser.get("/settings/documents").text
    post(browser, font())
    page = browser.get("/settings/documents").text
    assert 'name="remove_font"' in page and "NotoSansHebrew-Regular" in page
    kept = Company.current().font
    post(browser)
    assert Company.current().font == kept
    post(browser, remove_font="y")
    own = Company.current()
    assert (own.font, own.font_name, own.font_letters) == (None, "", [])
    assert "font" not in own.as_seller() and blobs.is_intact(kept)


SENTENCES = {
    "postscript": (b"OTTO" + font()[4:], "TrueType outlines", "TrueType 轮廓"),
    "collection": (b"ttcf" + font()[4:], "TrueType outlines", "TrueType 轮廓"),
    "no TrueType outlines": (b"%PDF-1.4", "TrueType outlines", "TrueType 轮廓"),
    "torn": (font()[:2000], "damaged", "已损坏"),
    "may not be embedded": (font(embedding=2), "damaged", "不允许嵌入"),
    "ours": (MADE_OF.read_bytes(), "no characters that the built-in", "没有"),
    "too large": (font() + bytes(blobs.MOST_BYTES), "20 MB", "20 MB"),
}


@pytest.mark.parametrize("kind", SENTENCES)
def test_what_cannot_be_printed_with_is_refused_in_a_sentence(firm, sign_in, kind):
    data, english, chinese = SENTENCES[kind]
    browser = sign_in(firm.ada)
    for language, words in (("en", english), ("zh", chinese)):
        browser.post("/language", data={"language": language})
        answer = post(browser, data)
        assert answer.status_code == 422 and words in answer.text
    assert Company.current().font is None


def test_only_administrators_add_a_font(firm, sign_in):
    assert post(sign_in(firm.fang), font()).status_code == 403
    with pytest.raises(Forbidden):
        Company.current().revise(firm.fang, font="0" * 64)
