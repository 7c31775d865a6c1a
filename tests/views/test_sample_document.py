"""The settings show a sample invoice as the printer makes it."""

import base64
import io
import re

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
    assert answer.mimetype == "image/png" and page.height > page.width > 600
    shown = {color for count, color in page.getcolors(2**24) if count > 250}
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


def colors_of(data):
    page = Image.open(io.BytesIO(data)).convert("RGB")
    return {color for count, color in page.getcolors(2**24) if count > 1000}


INVOICES, CONTRACTS = (200, 0, 0), (0, 0, 200)


def sealed(firm, kind):
    """Which of both seals a document of the kind bears, as its frozen content says."""
    seller = firm.draft(kind).freeze()["seller"]
    own = Company.current()
    return next((n for n in ("seal", "contract_seal") if seller["seal"] == getattr(own, n)), None)


def test_each_seal_is_printed_where_it_belongs(firm):
    Company.current().revise(firm.ada, seal=picture(INVOICES))
    assert sealed(firm, "invoice") == sealed(firm, "credit_note") == "seal"
    assert firm.draft("order").freeze()["seller"]["seal"] is None
    Company.current().revise(firm.ada, contract_seal=picture(CONTRACTS))
    for kind in ("quote", "order", "delivery_note"):
        assert sealed(firm, kind) == "contract_seal"
    assert sealed(firm, "invoice") == "seal"
    Company.current().revise(firm.ada, settings={"contract_seal_kinds": ["quote"]})
    assert sealed(firm, "quote") == "contract_seal"
    assert firm.draft("order").freeze()["seller"]["seal"] is None


def test_abroad_one_seal_is_printed_on_everything_unless_chosen(firm):
    Company.update(language="en", currency="GBP", zone="Europe/London").execute()
    Company.current().revise(firm.ada, seal=picture(INVOICES))
    assert sealed(firm, "order") == sealed(firm, "invoice") == "seal"


def test_the_settings_choose_what_a_seal_is_printed_on(firm, sign_in):
    ada = sign_in(firm.ada)
    page = ada.get("/settings/").text
    assert "Seal for contracts and deliveries" in page
    shown = Company.current()
    assert shown.seal_kinds("seal") == ["invoice", "credit_note"]
    answer = ada.post(
        "/settings/", data={"group": "look", "seal_kinds": ["invoice", "quote"], "shown": "{}"}
    )
    assert answer.status_code == 303
    assert Company.current().seal_kinds("seal") == ["invoice", "quote"]


def test_the_preview_shows_the_seal_of_its_kind_before_it_is_saved(firm, sign_in):
    ada = sign_in(firm.ada)

    def preview(kind):
        data = {
            "kind": kind,
            "seal": (io.BytesIO(blobs.fetch(picture(INVOICES))), "a.png"),
            "contract_seal": (io.BytesIO(blobs.fetch(picture(CONTRACTS))), "b.png"),
        }
        page = ada.post("/settings/preview", data=data, content_type="multipart/form-data").text
        return colors_of(base64.b64decode(re.search(r"base64,([^\"]+)", page)[1]))

    assert {INVOICES, CONTRACTS} & preview("invoice") == {INVOICES}
    assert {INVOICES, CONTRACTS} & preview("order") == {CONTRACTS}
