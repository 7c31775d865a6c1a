"""Correcting a file on its page: cells, rows left out, defaults, a sheet of faults and back."""

import io
import os
import secrets
import time

import pytest
from openpyxl import load_workbook

from models.company import Company
from models.customers import Customer
from models.imports import Import, ImportMapping, staging
from models.products import Product
from tests.views.test_imports import mapping, post, upload

FILE = (
    "客户编号,客户名称,邮箱,账期\n"
    "K1,苏州精密,info@k1.test,45\nK2,宁波贸易,kein-mail,30\nK3,,c@k3.test,400\nK4,,d@k4.test,30\n"
)


def check(browser, text=FILE, target="customers", **sent):
    """Upload and check; the import's id."""
    upload(browser, text, target)
    row = Import.select().order_by(Import.id.desc()).first()
    post(browser, f"/imports/{row.id}/check", **{**mapping(row), **sent})
    Import.run_waiting()
    return row.id


def state(ident):
    row = Import.get_by_id(ident)
    return row.state, row.findings.get("fault_count")


def import_now(browser, ident):
    assert post(browser, f"/imports/{ident}/start").status_code == 303
    Import.run_waiting()
    assert Import.get_by_id(ident).state == "done"


@pytest.fixture
def fang(firm, sign_in):
    return sign_in(firm.fang)


def test_a_cell_is_corrected_in_place(fang):
    ident = check(fang)
    assert state(ident) == ("checked", 4)
    answer = post(fang, f"/imports/{ident}/rows/3", **{"cell-2": "b@k2.test"})
    assert answer.status_code == 303 and state(ident) == ("checked", 3)
    page = fang.get(f"/imports/{ident}").text
    assert 'id="import-row-3"' not in page and 'id="import-row-4"' in page
    assert not Customer.select().where(Customer.code == "K1").exists()


def test_a_cell_that_is_still_wrong_keeps_what_was_typed(fang):
    ident = check(fang)
    htmx = {"HX-Request": "true"}
    post(fang, f"/imports/{ident}/rows/3", **{"cell-2": "still wrong"})
    piece = fang.get(f"/imports/{ident}/rows/3", headers=htmx).text
    assert "“still wrong” is not an email address" in piece and 'value="still wrong"' in piece
    assert 'id="import-kinds"' in piece and "<html" not in piece


def test_a_file_is_right_when_its_last_fault_is(fang):
    ident = check(fang)
    post(fang, f"/imports/{ident}/rows/3", **{"cell-2": "b@k2.test"})
    post(fang, f"/imports/{ident}/rows/4", **{"cell-1": "Drei", "cell-3": "60"})
    post(fang, f"/imports/{ident}/rows/5", leave_out="yes")
    Import.run_waiting()
    assert state(ident) == ("checked", 0)
    import_now(fang, ident)
    made = Customer.get(Customer.code == "K3")
    assert (made.name, made.terms_days) == ("Drei", 60)
    assert not Customer.select().where(Customer.code == "K4").exists()


def test_faults_are_counted_and_filtered_by_kind(fang):
    ident = check(fang)
    page = fang.get(f"/imports/{ident}").text
    assert page.count('class="import-row"') == 3
    one = fang.get(f"/imports/{ident}?kind=cell_needed|客户名称").text
    assert one.count('class="import-row"') == 2 and 'id="import-row-3"' not in one


def test_all_rows_with_a_kind_of_fault_are_left_out(fang):
    ident = check(fang)
    post(fang, f"/imports/{ident}/left-out?kind=cell_needed|客户名称")
    Import.run_waiting()
    assert state(ident) == ("checked", 1)
    post(fang, f"/imports/{ident}/corrections/undo")
    Import.run_waiting()
    assert state(ident) == ("checked", 4)


def test_all_faults_come_as_a_sheet_and_go_back_corrected(fang):
    lines = "".join(f"P{i},Name {i},{'x' if i % 2 else i}\n" for i in range(700))
    ident = check(fang, "code,name,price\n" + lines, "products")
    assert state(ident) == ("checked", 350)
    book = load_workbook(io.BytesIO(fang.get(f"/imports/{ident}/faults.xlsx").data))
    rows = list(book.active.iter_rows())
    assert [c.value for c in rows[0]] == ["Row", "code", "name", "price", "Problem"]
    assert len(rows) == 351 and "is not a number" in rows[1][4].value
    for row in rows[1:]:
        row[3].value = "2.50"
    sheet = io.BytesIO()
    book.save(sheet)
    sheet.seek(0)
    answer = post(fang, f"/imports/{ident}/corrections", file=(sheet, "faults.xlsx"))
    Import.run_waiting()
    assert answer.status_code == 303 and state(ident) == ("checked", 0)
    import_now(fang, ident)
    assert Product.get(Product.code == "P1").price == 25_000


@pytest.mark.parametrize(
    "sheet, code",
    [
        ("a,b\n1,2\n", 409),
        ("Row,客户编号,客户名称,邮箱,账期\n2,K1,苏州精密,info@k1.test,45\n", 409),
        (f"Row,客户编号,客户名称,邮箱,账期\n{'9' * 30},K9,,,\n{'9' * 5000},K9,,,\n", 409),
    ],
)
def test_another_sheet_or_one_without_changes_is_refused(fang, sheet, code):
    ident = check(fang)
    answer = post(fang, f"/imports/{ident}/corrections", file=(io.BytesIO(sheet.encode()), "x.csv"))
    assert answer.status_code == code and state(ident) == ("checked", 4)


def test_a_default_stands_where_a_cell_is_empty(fang):
    ident = check(fang, **{"default-1": "Namenlos", "column-3": ""})
    assert state(ident) == ("checked", 1)  # the mail alone
    assert Import.get_by_id(ident).options["defaults"] == {"name": "Namenlos"}


def test_a_row_is_shown_as_it_is_and_as_it_would_be(fang, firm):
    firm.a.revise(firm.li, code="A1", phone="111", terms_days=30)
    ident = check(fang, f"code,name,phone,terms\nA1,{firm.a.name},222,45\n")
    page = fang.get(f"/imports/{ident}").text
    assert "<del>111</del>" in page and "<ins>222</ins>" in page and "<ins>45</ins>" in page


def test_a_wrong_document_is_right_when_a_neighbour_is(fang):
    text = (
        "number,date,customer,item,qty,price,total\n"
        "A-1,2025-03-01,Old,Pen,2,10,25\nA-1,2025-03-01,Old,Ink,1,4,25\n"
    )
    ident = check(fang, text, "documents", create_customers="on", currency="CNY", tax="0")
    assert state(ident) == ("checked", 1)
    post(fang, f"/imports/{ident}/rows/3", **{"cell-5": "5"})
    Import.run_waiting()
    assert state(ident) == ("checked", 0)


def test_the_last_correction_leads_to_the_import_however_quickly_it_is_checked(fang):
    ident = check(fang, "code,name,price\nP1,Pen,x\n", "products")
    post(fang, f"/imports/{ident}/rows/2", **{"cell-2": "5"})
    Import.run_waiting()
    answer = fang.get(f"/imports/{ident}/rows/2", headers={"HX-Request": "true"})
    assert answer.headers["HX-Retarget"] == f"#import-{ident}" and "Import now" in answer.text


def test_a_correction_shows_the_other_rows_of_its_document_as_they_are_now(fang):
    text = (
        "number,date,customer,item,qty,price\n"
        "A-1,soon,Old,Pen,2,10\n,,,Ink,1,4\nA-2,2025-03-01,Old,Pen,x,10\n"
    )
    ident = check(fang, text, "documents", create_customers="on", currency="CNY", tax="0")
    assert state(ident) == ("checked", 3)
    htmx = {"HX-Request": "true"}
    key = secrets.token_urlsafe(18)
    answer = fang.post(
        f"/imports/{ident}/rows/2",
        data={"idempotency_key": key, "cell-1": "2025-03-01"},
        headers=htmx,
    )
    shown = fang.get(answer.location, headers=htmx)
    assert shown.headers["HX-Retarget"] == f"#import-{ident}"
    assert "import-row-4" in shown.text and "import-row-3" not in shown.text


def test_rows_that_were_lost_are_read_again(fang):
    ident = check(fang)
    for path in staging.path_of("").iterdir():
        path.unlink()
    page = fang.get(f"/imports/{ident}")
    assert page.status_code == 200 and "no longer available" in page.text
    assert fang.get(f"/imports/{ident}/faults.xlsx").status_code == 404
    post(fang, f"/imports/{ident}/check", **mapping(Import.get_by_id(ident)))
    Import.run_waiting()
    assert fang.get(f"/imports/{ident}").text.count('class="import-row"') == 3


def test_a_page_reads_no_file_again(fang, monkeypatch):
    ident = check(fang)
    monkeypatch.setattr("models.adapters.sandbox.stream", None)
    assert fang.get(f"/imports/{ident}").status_code == 200


def test_the_firm_limits_the_rows_and_tells_it_before(firm, fang):
    Company.current().revise(firm.ada, settings={"import_rows": 3})
    assert ", 3 rows and" in fang.get("/imports/").text
    answer = upload(fang, FILE)
    assert answer.status_code == 422 and "Max. 3 rows" in answer.text
    assert list(staging.path_of("").iterdir()) == []


def test_staged_rows_that_nobody_needs_are_swept(fang):
    ident = check(fang)
    old, needed = staging.path_of("rows-old.db"), sorted(staging.path_of("").iterdir())
    old.write_bytes(b"")
    for path in [old, *needed]:
        os.utime(path, (0, time.time() - 2 * 86_400))
    Import.sweep_staged()
    assert sorted(staging.path_of("").iterdir()) == needed
    post(fang, f"/imports/{ident}/left-out?kind=cell_needed|客户名称")
    Import.run_waiting()
    assert not needed[0].exists()  # the earlier check's


def test_the_mapping_of_an_earlier_file_is_told_named_and_forgotten(fang):
    check(fang)
    upload(fang, FILE)
    assert "from an earlier file" in fang.get("/imports/2").text
    ident, sent = ImportMapping.get().id, {"import": "2"}
    post(fang, f"/imports/mappings/{ident}/name", name="Old books", **sent)
    assert 'value="Old books"' in fang.get("/imports/2").text
    post(fang, f"/imports/mappings/{ident}/forgotten", **sent)
    assert "of an earlier file" not in fang.get("/imports/2").text


def test_a_known_program_is_named(fang):
    upload(fang, "唯一性ID,客户名称,客户编号,负责人\n1,A,B,C\n")
    assert "export from 纷享销客" in fang.get("/imports/1").text


def test_a_salesperson_who_may_import_sees_their_own_imports_and_customers(firm, sign_in, fang):
    check(fang)
    assert sign_in(firm.li).get("/imports/").status_code == 403
    firm.li.revise(firm.ada, roles=["sales", "importer"])
    li = sign_in(firm.li)
    assert 'href="/imports/"' in li.get("/").text and li.get("/imports/").status_code == 200
    assert "/imports/1" not in li.get("/imports/").text and li.get("/imports/1").status_code == 404
    ident = check(li, "code,name,phone\nN9,New one,1\nB,Theirs,2\n")
    row = Import.get_by_id(ident)
    assert [f[2] for f in row.findings["faults"]] == ["customer_of_others"]
    post(li, f"/imports/{ident}/rows/3", leave_out="yes")
    Import.run_waiting()
    import_now(li, ident)
    assert Customer.get(Customer.code == "N9").owner_id == firm.li.id
    assert f"/imports/{ident}" in fang.get("/imports/").text


def test_documents_of_others_customers_are_a_fault(firm, sign_in):
    firm.li.revise(firm.ada, roles=["sales", "importer"])
    text = f"number,date,customer,price\nX-1,2025-03-01,{firm.b.name},5\n"
    ident = check(sign_in(firm.li), text, "documents", currency="CNY", tax="0")
    assert [f[2] for f in Import.get_by_id(ident).findings["faults"]] == ["customer_of_others"]


def test_a_row_that_the_file_does_not_have_is_not_found(fang):
    ident, htmx = check(fang), {"HX-Request": "true"}
    for number in (99, 2**31, 2**63, 10**30):
        path = f"/imports/{ident}/rows/{number}"
        assert fang.get(path, headers=htmx).status_code == 404
        assert post(fang, path, **{"cell-2": "x"}).status_code == (422 if number == 99 else 404)
    piece = fang.post(
        f"/imports/{ident}/rows/99",
        data={"idempotency_key": "of-some-length-0099", "cell-2": "x"},
        headers=htmx,
    )
    assert piece.status_code == 422 and "no row 99" in piece.text


def test_a_column_that_the_file_does_not_have_means_nothing(fang):
    beyond = {"column-9": "phone", "default-9": "1", "column-03": "phone", "column-٣": "phone"}
    ident = check(fang, **beyond)
    assert state(ident) == ("checked", 4)
    assert list(Import.get_by_id(ident).mapping) == ["0", "1", "2", "3"]


def test_a_near_twin_stands_beside_the_customer_and_is_joined_by_a_click(fang, firm):
    ident = check(fang, "客户编号,客户名称\nX9,Beta Limited\n", key="name")
    page = " ".join(fang.get(f"/imports/{ident}").text.split())
    assert "Beta Limited" in page and f'href="/customers/{firm.b.id}"' in page
    assert "They are the same" in page and "Both are right" in page
    assert post(fang, f"/imports/{ident}/twins/2", decision="same").status_code == 303
    Import.run_waiting()
    assert "Treated as the same" in fang.get(f"/imports/{ident}").text
    assert post(fang, f"/imports/{ident}/twins/2", decision="perhaps").status_code == 409
    import_now(fang, ident)
    assert not Customer.select().where(Customer.name == "Beta Limited").exists()


def test_the_contact_form_tells_who_has_the_mail_or_phone(firm, sign_in):
    browser = sign_in(firm.fang)
    page = browser.get(f"/customers/{firm.a.id}/contacts/new").text
    assert 'id="alike-contact"' in page
    address = f"/customers/duplicates/alike-contact?customer={firm.a.id}"
    found = browser.get(f"{address}&email=bob@b.test").text
    assert "Beta Ltd" in found and "the same email address" in found
    assert "Beta Ltd" not in browser.get(f"{address}&email=anna@a.test").text
    assert "Beta Ltd" not in sign_in(firm.li).get(f"{address}&email=bob@b.test").text
