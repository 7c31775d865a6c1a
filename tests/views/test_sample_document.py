"""The settings show a sample invoice as the printer makes it."""

import io

import pytest
from PIL import Image

from models.adapters import blobs
from models.company import Company
from models.core.journal.event import Event
from models.documents import Document, sample
from models.printed import laid_out
from models.products import TaxRate


def picture(color):
    out = io.BytesIO()
    Image.new("RGB", (60, 40), color).save(out, format="PNG")
    return blobs.keep(out.getvalue())


def test_the_settings_show_logo_and_seal_on_a_printed_page(firm, sign_in):
    browser, colors = sign_in(firm.ada), {"logo": (0, 160, 0), "seal": (200, 0, 0)}
    assert '<img src="/settings/sample.png"' in browser.get("/settings/").text
    Company.current().revise(firm.ada, **{name: picture(c) for name, c in colors.items()})
    before = Event.select().count(), Document.select().count()
    answer = browser.get("/settings/sample.png")
    page = Image.open(io.BytesIO(answer.data)).convert("RGB")
    assert answer.mimetype == "image/png" and page.height > page.width > 1000
    shown = {color for count, color in page.getcolors(2**24) if count > 1000}
    assert set(colors.values()) <= shown
    assert before == (Event.select().count(), Document.select().count())


def test_only_administrators_see_it(firm, sign_in):
    assert sign_in(firm.fang).get("/settings/sample.png").status_code == 403


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_is_an_invoice_like_any_other(firm, language):
    Company.update(
        language=language, currency="EUR", settings={"prices_include_tax": True}
    ).execute()
    content = sample.content()
    assert content.keys() | {"title", "not_tax_invoice"} == firm.draft().freeze().keys() | {
        "title",
        "not_tax_invoice",
    }
    assert laid_out(content).startswith(b"%PDF") and content["language"] == language
    TaxRate.update(valid_to="2020-01-01").execute()
    assert laid_out(sample.content()).startswith(b"%PDF")
