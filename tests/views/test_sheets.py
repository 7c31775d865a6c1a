"""A document's page shows pictures of its PDF, made by a worker and kept by what they show."""

import io
import re

import pytest
from PIL import Image
from pypdf import PdfReader

from models.adapters import blobs
from models.adapters.printing import pictures
from models.company import Company
from models.documents import Document


@pytest.fixture(autouse=True)
def none_kept():
    pictures._kept.clear()
    pictures._waiting.clear()


def images_of(page):
    return re.findall(r'<img src="(/[^"]*sheets/[^"]+)"', page)


def shown(browser, path):
    """The addresses of the pictures on this page, once they are made."""
    browser.get(path)
    pictures.make_waiting()
    return images_of(browser.get(path).text)


def test_the_page_waits_for_its_pictures_without_an_error(firm, sign_in):
    browser, paper = sign_in(firm.li), firm.printed(price="100")
    page = browser.get(f"/documents/{paper.id}").text
    assert not images_of(page) and f'hx-get="/documents/{paper.id}/sheets"' in page
    assert pictures.make_waiting() == 1
    piece = browser.get(f"/documents/{paper.id}/sheets").text
    assert "hx-get" not in piece and f"{paper.number} · 113.00 CNY" in piece
    picture = browser.get(images_of(piece)[0].replace("&amp;", "&"))
    assert Image.open(io.BytesIO(picture.data)).size == (1240, 1754)
    assert pictures.make_waiting() == 0, "it is made once"


def test_the_customer_sees_the_same_pictures_in_the_portal(firm, sign_in):
    paper = firm.printed(price="100")
    (address,) = shown(sign_in(firm.anna), f"/portal/documents/{paper.id}")
    assert sign_in(firm.anna).get(address).mimetype == "image/png"
    assert sign_in(firm.bob).get(address).status_code == 404


def test_a_draft_has_other_pictures_once_it_is_changed(firm, sign_in):
    browser, draft = sign_in(firm.li), firm.draft()
    before = shown(browser, f"/documents/{draft.id}")
    draft = Document.get_by_id(draft.id)
    draft.revise(firm.li, draft.version, note="Thank you")
    assert not images_of(browser.get(f"/documents/{draft.id}").text)
    assert before and shown(browser, f"/documents/{draft.id}") != before


def test_a_void_document_is_shown_as_void(firm, sign_in):
    browser, paper = sign_in(firm.li), firm.printed(price="100")
    content = paper.shown_content()
    valid = paper.picture_hash(content)
    paper.state, paper.voided_on = "voided", paper.issued_on
    assert paper.picture_hash(content) != valid
    assert shown(browser, f"/documents/{paper.id}") == [
        f"/documents/{paper.id}/sheets/{valid}.png?page=1"
    ]


def test_where_no_picture_can_be_made_the_pdf_is_offered(firm, sign_in, monkeypatch):
    browser, paper = sign_in(firm.li), firm.printed(price="100")
    monkeypatch.setattr(pictures.reading, "pages", lambda *_: 1 / 0)
    assert shown(browser, f"/documents/{paper.id}") == []
    piece = browser.get(f"/documents/{paper.id}/sheets").text
    assert "hx-get" not in piece and f'href="/documents/{paper.id}/pdf"' in piece


def test_a_picture_is_shown_under_its_own_document_alone(firm, sign_in):
    browser, paper, other = sign_in(firm.li), firm.printed(price="100"), firm.printed(price="7")
    (address,) = shown(browser, f"/documents/{paper.id}")
    own = shown(browser, f"/documents/{other.id}")[0]
    moved = browser.get(address.replace(f"/{paper.id}/", f"/{other.id}/"))
    assert moved.data == browser.get(own).data


def test_what_is_no_longer_kept_is_made_anew(firm, sign_in):
    browser, paper = sign_in(firm.li), firm.printed(price="100")
    (address,) = shown(browser, f"/documents/{paper.id}")
    first = browser.get(address).data
    pictures._kept.clear()
    assert browser.get(address).data == first


def test_memory_has_an_end(firm, sign_in, monkeypatch):
    browser, papers = sign_in(firm.li), [firm.printed(price=str(n)) for n in (1, 2)]
    for paper in papers:
        assert shown(browser, f"/documents/{paper.id}")
        (kept,) = pictures._kept.values()
        monkeypatch.setattr(pictures, "MOST_BYTES", kept.size * 3 // 2)


def test_the_file_of_a_draft_bears_no_seal_that_its_picture_shows(firm, sign_in):
    """It could go out as if it were issued."""
    picture = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(picture, "PNG")
    Company.current().revise(firm.ada, seal=blobs.keep(picture.getvalue()))
    draft = firm.draft()
    file = PdfReader(io.BytesIO(sign_in(firm.li).get(f"/documents/{draft.id}/pdf").data))
    assert not file.pages[0].images
    shown = PdfReader(io.BytesIO(draft.preview(draft.shown_content())))
    assert len(shown.pages[0].images) == 1
