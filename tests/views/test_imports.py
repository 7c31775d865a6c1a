"""The import pages: upload, mapping kept, faults shown in one's language, progress, undo."""

import datetime as dt
import io
import secrets

import pytest
from openpyxl import load_workbook

from models.adapters import tables
from models.core import progress
from models.core.clock import at, now
from models.core.errors import Refused
from models.customers import Customer
from models.imports import Import, fields
from tests.models.test_import_sheets import INVOICES, PAYMENTS, workbook
from tests.models.test_imports import CUSTOMERS, PAPERS, put, run


def post(browser, path, **data):
    return browser.post(
        path,
        data={"idempotency_key": secrets.token_urlsafe(18), **data},
        content_type="multipart/form-data",
    )


def upload(browser, text=CUSTOMERS, target="customers", name="客户.csv"):
    return post(browser, "/imports/", target=target, file=(io.BytesIO(text.encode()), name))


def mapping(row):
    return {f"column-{c}": f for c, f in row.mapping.items()}


def test_from_upload_to_undo(firm, sign_in):
    browser, before = sign_in(firm.fang), Customer.select().count()
    answer = upload(browser)
    row = Import.get()
    assert answer.status_code == 303 and answer.location == f"/imports/{row.id}"
    assert "苏州精密" in browser.get(answer.location).text
    assert post(browser, f"/imports/{row.id}/check", key="code", **mapping(row)).status_code == 303
    assert "hx-trigger" in browser.get(f"/imports/{row.id}").text
    Import.run_waiting()
    assert (
        "All 2 rows are valid." in browser.get(f"/imports/{row.id}").text
        and Customer.select().count() == before
    )
    post(browser, f"/imports/{row.id}/start")
    Import.run_waiting()
    assert (
        "The import is done." in browser.get(f"/imports/{row.id}").text
        and Customer.select().count() == before + 2
    )
    post(browser, f"/imports/{row.id}/undo")
    Import.run_waiting()
    assert (
        Customer.select().count() == before
        and "was undone" in browser.get(f"/imports/{row.id}").text
    )


def test_a_kept_import_says_so_and_has_no_undo(firm, sign_in):
    browser = sign_in(firm.fang)
    row = run(firm, put(firm, "customers", CUSTOMERS))
    asked = browser.get(f"/imports/{row.id}").text
    assert (
        "Keep the import" in asked and "Undo this import" in asked and "until it is kept" in asked
    )
    assert post(sign_in(firm.li), f"/imports/{row.id}/keep").status_code == 403
    assert post(browser, f"/imports/{row.id}/keep").status_code == 303
    told = browser.get(f"/imports/{row.id}").text
    assert "can no longer be undone" in told and "Undo this import" not in told
    assert post(browser, f"/imports/{row.id}/undo").status_code == 409
    assert Import.get().state == "done"


def test_the_piece_is_the_page(firm, sign_in):
    browser = sign_in(firm.fang)
    upload(browser)
    page, piece = (
        browser.get("/imports/1").text,
        browser.get("/imports/1", headers={"HX-Request": "true"}).text,
    )
    assert (
        piece.strip().startswith('<div id="import-1"')
        and "<html" not in piece
        and '<div id="import-1"' in page
    )


def test_progress_survives_a_reload(firm, sign_in):
    browser = sign_in(firm.fang)
    upload(browser)
    row = Import.get()
    post(browser, "/imports/1/check", **mapping(row))
    progress.note("import-1", 0.4)
    assert (
        'value="40"' in browser.get("/imports/1").text
        and 'value="40"' in sign_in(firm.ada).get("/imports/1").text
    )


def test_the_page_names_the_phase_the_rows_and_the_time_left(firm, sign_in):
    browser = sign_in(firm.fang)
    browser.set_cookie("language", "en")
    upload(browser)
    post(browser, "/imports/1/check", key="code", **mapping(Import.get()))
    Import.run_waiting()
    post(browser, "/imports/1/start")
    Import.get().claim()
    with at(now() + dt.timedelta(minutes=4)):
        Import.get().note_phase("finding", 0.5)
        text = " ".join(browser.get("/imports/1").text.split())
    assert "Indexing for search" in text and "2 rows." in text
    assert "About 1 minute left." in text


@pytest.mark.parametrize(
    "language, words", [("en", "is not an email address"), ("zh", "不是邮箱地址")]
)
def test_faults_are_told_by_row_in_ones_language(firm, sign_in, language, words):
    browser = sign_in(firm.fang)
    browser.set_cookie("language", language)
    upload(browser, CUSTOMERS.replace("info@k1.test", "kein-mail"))
    post(browser, "/imports/1/check", key="code", **mapping(Import.get()))
    Import.run_waiting()
    assert words in browser.get("/imports/1").text and "kein-mail" in browser.get("/imports/1").text
    sheet = load_workbook(io.BytesIO(browser.get("/imports/1/faults.xlsx").data)).active
    assert words in sheet.cell(2, sheet.max_column).value
    assert post(browser, "/imports/1/start").status_code == 409 and Import.get().state == "checked"


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02", b"PK\x03\x04xx", b"a,b"])
def test_a_file_that_is_no_table_is_422_with_a_sentence(firm, sign_in, data):
    browser = sign_in(firm.fang)
    answer = post(browser, "/imports/", target="customers", file=(io.BytesIO(data), "x.csv"))
    assert (
        answer.status_code == 422 and 'role="alert"' in answer.text and not Import.select().exists()
    )


def test_two_columns_of_one_meaning_keep_the_choice_made(firm, sign_in):
    browser = sign_in(firm.fang)
    upload(browser)
    answer = post(browser, "/imports/1/check", **{"column-0": "name", "column-1": "name"})
    assert (
        answer.status_code == 422
        and answer.text.count('value="name" selected') == 2
        and Import.get().state == "uploaded"
    )


def test_columns_the_file_does_not_have_are_left_out(firm, sign_in):
    browser = sign_in(firm.fang)
    upload(browser, PAPERS, "documents")
    post(
        browser,
        "/imports/1/check",
        create_customers="on",
        **{**mapping(Import.get()), "column-999": "note", "column-x": "note"},
    )
    Import.run_waiting()
    assert Import.get().clean


UNCLEAR = "invoice no;date;customer;price\nN1;3/4/2026;Old;1.234\n"


def test_what_is_not_certain_is_asked_beside_the_cells_and_answered(firm, sign_in):
    browser = sign_in(firm.fang)
    upload(browser, UNCLEAR, "documents", "x.csv")
    fields = {"create_customers": "on", **mapping(Import.get())}
    post(browser, "/imports/1/check", **fields)
    Import.run_waiting()
    page = browser.get("/imports/1").text
    assert "Please answer first" in page and "2026-03-04" in page and "1,234" in page
    assert post(browser, "/imports/1/start").status_code == 409
    post(browser, "/imports/1/check", date_order="mdy", decimal=",", **fields)
    Import.run_waiting()
    assert Import.get().clean and "Please answer first" not in browser.get("/imports/1").text


def test_how_a_file_is_read_can_be_said(firm, sign_in):
    browser = sign_in(firm.fang)
    upload(browser, "0001,甲,杭州\n0002,乙,宁波\n")
    assert "The first row is data" in browser.get("/imports/1").text
    answer = post(browser, "/imports/1/reading", head_row="0")
    assert answer.status_code == 303
    assert Import.get().outline["choices"]["head_row"] == 0
    assert post(browser, "/imports/1/reading", head_row="900").status_code == 422
    assert post(browser, "/imports/1/reading", encoding="klingon").status_code == 422
    assert post(sign_in(firm.li), "/imports/1/reading").status_code == 403


def test_rows_left_out_are_named(firm, sign_in):
    browser = sign_in(firm.fang)
    upload(browser, "客户表\n" + CUSTOMERS + "合计,,,,,\n")
    page = browser.get("/imports/1").text
    assert "Row 1: 客户表 (above the headers)" in page and "Row 5: 合计 (a sum)" in page


@pytest.mark.parametrize("target", ["customers", "products", "documents"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_empty_sheet_is_understood_again(firm, sign_in, target, language):
    browser = sign_in(firm.fang)
    browser.set_cookie("language", language)
    data = browser.get(f"/imports/template-{target}.xlsx").data
    heads = [c.value for c in load_workbook(io.BytesIO(data)).active[1]]
    assert set(fields.guess(target, heads).values()) == set(fields.FIELDS[target]), heads
    with pytest.raises(Refused):
        tables.parse(data, "x.xlsx")


def test_sheets_that_belong_together_are_offered_with_their_rows(firm, sign_in):
    browser, data = sign_in(firm.fang), workbook(Invoices=INVOICES, Payments=PAYMENTS)
    post(browser, "/imports/", target="documents", file=(io.BytesIO(data), "book.xlsx"))
    page = browser.get("/imports/1").text
    assert "Invoices, with payments from Payments" in page
    assert "2025-03-05 | 15 | TR-1; 2025-03-09 | 20.5 | TR-2" in page
    answer = post(browser, "/imports/1/reading", sheet="Invoices:payments:Payments")
    assert answer.status_code == 303 and Import.get().mapping["4"] == "payments"
    for wrong in (
        "Invoices:payments:Nothing",
        "Invoices:lines:Payments:x",
        "Invoices:totals:Payments",
    ):
        assert post(browser, "/imports/1/reading", sheet=wrong).status_code == 422


def test_a_list_of_sales_brought_in_as_customers_is_noticed(firm, sign_in):
    browser = sign_in(firm.fang)
    page = browser.get(upload(browser, PAPERS, name="sales.csv").location).text
    assert "look like “Documents" in page
    answer = post(browser, f"/imports/{Import.get().id}/reading", target="documents")
    assert answer.status_code == 303 and Import.get().target == "documents"
    assert "sales.csv" in browser.get("/imports/").text
    page = browser.get(answer.location).text
    assert "look like" not in page and 'value="number" selected' in page


@pytest.mark.parametrize("target, text", [("customers", CUSTOMERS), ("documents", PAPERS)])
def test_what_was_said_rightly_is_not_doubted(firm, sign_in, target, text):
    browser = sign_in(firm.fang)
    assert "look like" not in browser.get(upload(browser, text, target=target).location).text
