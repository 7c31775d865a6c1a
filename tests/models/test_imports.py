"""Bringing one's data: read, guess, check, all or nothing, never twice, undo."""

import datetime as dt

import pytest

from models.core import portions
from models.core.clock import at, now
from models.core.errors import Refused
from models.core.journal import Event
from models.customers import Contact, Customer
from models.documents import Document, Line
from models.imports import Import, ImportedRow
from models.operations import checks
from models.payments import Payment
from models.products import Product
from models.receivables.balance import money_state

CUSTOMERS = (
    "客户编号,客户名称,税号,联系人,邮箱,账期\n"
    "K1,苏州精密,91310000MA1FL0DY0U,张伟,info@k1.test,45\nK2,宁波贸易,,,,\n"
)
PAPERS = (
    "Invoice No,Date,Customer,Item,Qty,Unit price,Tax rate\n"
    "A-1,2025-03-01,Old Ltd,Pen,2,10.00,13%\nA-1,2025-03-01,Old "
    "Ltd,Ink,1,5.5,13%\nA-2,2025-03-05,New Ltd,Pen,1,10,0\n"
)


def put(firm, target, text, **options):
    """Upload and check; returns the import."""
    data = text if isinstance(text, bytes) else text.encode()
    row = Import.upload(firm.fang, target, "file.csv", data)
    row.check(firm.fang, row.mapping, options)
    Import.run_waiting()
    return Import.get_by_id(row.id)


def run(firm, row):
    row.start(firm.fang)
    Import.run_waiting()
    return Import.get_by_id(row.id)


def faults(row):
    return [(f[0], f[1], f[2]) for f in row.findings["faults"]]


def test_customers_come_in_with_contact_and_terms(firm):
    row = run(firm, put(firm, "customers", CUSTOMERS))
    made = Customer.get(Customer.code == "K1")
    assert row.state == "done" and (made.name, made.terms_days, made.tax_id) == (
        "苏州精密",
        45,
        "91310000MA1FL0DY0U",
    )
    assert (
        made.contacts.get().name == "张伟" and Customer.get(Customer.code == "K2").terms_days == 30
    )
    assert checks.faults() == []


def test_one_fault_and_nothing_is_written(firm):
    before = Customer.select().count(), Event.select().count()
    row = put(firm, "customers", CUSTOMERS + "K3,,,,kein-mail,400\nK1,Doppelt,,,,\n")
    assert sorted(faults(row)) == sorted(
        [
            (4, "邮箱", "cell_no_mail"),
            (4, "账期", "cell_out_of_range"),
            (4, "客户名称", "cell_needed"),
            (5, "客户编号", "key_twice"),
        ]
    )
    with pytest.raises(Refused):
        row.start(firm.fang)
    assert (Customer.select().count(), Event.select().count() - 3) == before


def test_an_uneven_row_is_named(firm):
    row = put(firm, "customers", "code,name,city\nX,Acme,Inc,Rome\nY,Beta,Rome\n")
    assert faults(row) == [(2, None, "row_uneven")]


def test_the_same_file_again_changes_nothing_and_a_new_one_updates(firm):
    run(firm, put(firm, "customers", CUSTOMERS))
    count, events = (
        Customer.select().count(),
        Event.select().where(Event.subject_type == "Customer").count(),
    )
    again = run(firm, put(firm, "customers", CUSTOMERS))
    assert again.findings["counts"] == {"create": 0, "update": 0, "same": 2}
    assert (
        Customer.select().count(),
        Event.select().where(Event.subject_type == "Customer").count(),
    ) == (count, events)
    run(firm, put(firm, "customers", CUSTOMERS.replace("苏州精密", "苏州精密二厂")))
    assert (
        Customer.get(Customer.code == "K1").name == "苏州精密二厂"
        and Customer.select().count() == count
    )


def test_empty_cells_leave_what_is_there(firm):
    run(firm, put(firm, "customers", CUSTOMERS))
    run(firm, put(firm, "customers", "客户编号,客户名称,税号\nK1,苏州精密,\n"))
    assert Customer.get(Customer.code == "K1").tax_id == "91310000MA1FL0DY0U"


@pytest.mark.parametrize(
    "row, kept",
    [
        ("客户编号,客户名称,城市\nA,北京甲公司,上海\n", "9 Garden Street\nLondon W2"),
        ("客户编号,客户名称,街道\nA,北京甲公司,9 Garden Street\n", "9 Garden Street\nLondon W2"),
        ("客户编号,客户名称,街道,城市\nA,北京甲公司,2 New Road,Leeds\n", "2 New Road, Leeds"),
        ("客户编号,客户名称,电话\nA,北京甲公司,123\n", "9 Garden Street\nLondon W2"),
    ],
)
def test_a_part_never_replaces_a_whole_address(firm, row, kept):
    firm.a.add_address(firm.li, "billing", "9 Garden Street\nLondon W2")
    checked = put(firm, "customers", row)
    run(firm, checked)
    assert firm.a.address_text() == kept
    warned = [w[2] for w in checked.findings["warnings"]]
    assert warned == (["address_part"] if "电话" not in row and "Leeds" not in row else [])


def test_undo_takes_back_what_was_made_and_changed(firm):
    before = Customer.select().count()
    row = run(firm, put(firm, "customers", CUSTOMERS + "A,Renamed,,Anna,new@a.test,\n"))
    assert Customer.get_by_id(firm.a.id).name == "Renamed"
    row.undo(firm.fang)
    Import.run_waiting()
    assert Import.get_by_id(row.id).state == "undone" and Customer.select().count() == before
    assert (
        Customer.get_by_id(firm.a.id).name == "北京甲公司"
        and Contact.get_by_id(firm.anna.id).email == "anna@a.test"
    )
    assert not ImportedRow.select().exists() and checks.faults() == []


def test_undo_is_refused_once_something_rests_on_it(firm):
    row = run(firm, put(firm, "customers", CUSTOMERS))
    firm.draft(customer=Customer.get(Customer.code == "K1"), by=firm.fang)
    row.undo(firm.fang)
    Import.run_waiting()
    row = Import.get_by_id(row.id)
    assert (
        row.state == "done"
        and row.error == "still_used 苏州精密"
        and Customer.get_or_none(Customer.code == "K2")
    )


def test_undo_leaves_what_someone_changed_since(firm):
    row = run(firm, put(firm, "customers", "code,name,phone\nA,Renamed,123\n"))
    Customer.get_by_id(firm.a.id).revise(firm.li, phone="999")
    row.undo(firm.fang)
    Import.run_waiting()
    a = Customer.get_by_id(firm.a.id)
    assert (a.name, a.phone) == ("北京甲公司", "999")


def test_papers_keep_their_own_numbers_and_are_marked(firm):
    row = run(firm, put(firm, "documents", PAPERS, settled=False))
    paper = Document.get(Document.number == "A-1")
    assert (
        row.state == "done"
        and paper.imported
        and paper.state == "issued"
        and paper.issued_on == dt.date(2025, 3, 1)
    )
    assert (paper.net, paper.tax, paper.total, paper.lines.count()) == (2550, 332, 2882, 2)
    assert (
        paper.series is None
        and paper.customer.name == "Old Ltd"
        and money_state(paper) == "overdue"
    )
    assert checks.faults() == [] and firm.issued(price="10").number.endswith("0001")


def test_papers_come_once_and_can_be_undone(firm):
    first = run(firm, put(firm, "documents", PAPERS))
    assert (
        money_state(Document.get(Document.number == "A-1")) == "paid"
        and Payment.select().count() == 2
    )
    again = run(firm, put(firm, "documents", PAPERS))
    assert again.findings["counts"]["same"] == 2 and Document.select().count() == 2
    assert (
        faults(put(firm, "documents", PAPERS.replace("10.00", "11.00")))[0][2] == "imported_differs"
    )
    first.undo(firm.fang)
    Import.run_waiting()
    assert (
        not Document.select().exists()
        and not Line.select().exists()
        and not Payment.select().exists()
    )
    assert checks.faults() == []


def test_a_number_that_could_be_ours_is_refused(firm):
    row = put(firm, "documents", PAPERS.replace("A-2", "INV-2025-0007"))
    assert faults(row) == [(4, "Invoice No", "number_is_ours")]


def test_totals_and_heads_that_disagree_are_named(firm):
    text = (
        "number,date,customer,price,quantity,total\n"
        "X1,2025-01-02,Old,10,1,30\nX1,2025-01-03,Old,10,2,30\nX2,2025-01-02,Old,5,1,9\n"
    )
    assert faults(put(firm, "documents", text)) == [
        (3, "date", "head_differs"),
        (4, "total", "total_differs"),
    ]


def test_credit_notes_by_their_prefix_are_turned_positive(firm):
    text = (
        "number,date,customer,name,price,quantity\n"
        "C9,2025-01-02,Old,Pen,10,-2\n9,2025-01-02,Old,Pen,10,5\n"
    )
    run(firm, put(firm, "documents", text, credit_prefix="C"))
    note = Document.get(Document.number == "C9")
    assert (note.kind, note.total, note.lines.get().quantity) == ("credit_note", 2000, 20000)
    run(firm, put(firm, "documents", text.replace("C9", "D9").replace("\n9,", "\n8,")))
    assert Document.get(Document.number == "D9").kind == "credit_note"
    assert faults(put(firm, "documents", text.replace("C9", "E9"), kind="order")) == [
        (2, "price", "total_negative")
    ]


@pytest.mark.parametrize(
    "cells, order, good",
    [
        ("1/26/2025 3/4/2025", "", dt.date(2025, 3, 4)),
        ("3/4/2025", "", None),
        ("3/4/2025", "dmy", dt.date(2025, 4, 3)),
        ("26/1/2025 3/4/2025", "", dt.date(2025, 4, 3)),
        ("2025年3月4日", "", dt.date(2025, 3, 4)),
        ("20250304", "", dt.date(2025, 3, 4)),
        ("4.3.2025", "", dt.date(2025, 3, 4)),
        ("2025/2/30", "", None),
    ],
)
def test_days_as_the_world_writes_them(firm, cells, order, good):
    text = "number,date,customer,price\n" + "".join(
        f"N{i},{c},Old,1\n" for i, c in enumerate(cells.split(), 1)
    )
    row = put(firm, "documents", text, date_order=order)
    if good is None:
        assert faults(row)[0][1] == "date"
        return
    run(firm, row)
    assert Document.select().order_by(Document.id.desc()).get().date == good


def test_a_days_order_nobody_can_know_is_a_fault(firm):
    assert faults(put(firm, "documents", "number,date,customer,price\nN1,3/4/2025,Old,1\n")) == [
        (2, "date", "cell_day_unclear")
    ]


def test_products_by_code_with_tax(firm):
    run(
        firm,
        put(
            firm,
            "products",
            "货号,品名,单位,单价,税率,类别\nP1,钢笔,支,13.5,13%,文具\nP9,墨水,瓶,0.0125,免税,文具\n",
        ),
    )
    assert (
        Product.get(Product.code == "P1").price == 135000
        and Product.get(Product.code == "P9").tax.kind == "exempt"
    )
    assert Product.get_by_id(firm.pen.id).category == "文具"


def test_only_admin_and_finance_import(firm):
    from models.core.errors import Forbidden

    with pytest.raises(Forbidden):
        Import.upload(firm.li, "customers", "x.csv", CUSTOMERS.encode())


def test_a_step_left_by_a_stopped_process_is_given_up(firm, monkeypatch):
    row = put(firm, "customers", CUSTOMERS)
    row.start(firm.fang)
    assert Import.get_by_id(row.id).claim()
    Import.run_waiting()
    assert Import.get_by_id(row.id).state == "running"
    from models.core import clock

    with clock.at(clock.now() + dt.timedelta(minutes=5)):
        Import.run_waiting()
    row = Import.get_by_id(row.id)
    assert (row.state, row.error) == ("failed", "interrupted")


def test_a_fall_in_the_middle_writes_nothing(firm, monkeypatch):
    row = put(firm, "customers", CUSTOMERS)
    before = Customer.select().count()
    real, seen = portions.insert, []

    def falls(*args, **kwargs):
        seen.append(1)
        if len(seen) == 2:
            raise RuntimeError("disk")
        return real(*args, **kwargs)

    monkeypatch.setattr(portions, "insert", falls)
    row = run(firm, row)
    assert (
        row.state == "failed"
        and row.error.startswith("unexpected")
        and Customer.select().count() == before
    )


def test_an_undo_that_fails_at_its_last_step_goes_on_later(firm, monkeypatch):
    count = Customer.select().count()
    row = run(firm, put(firm, "customers", CUSTOMERS))
    row.undo(firm.fang)
    real = Import.record_end

    def falls(self, state, changes):
        raise RuntimeError("disk")

    monkeypatch.setattr(Import, "record_end", falls)
    Import.run_waiting()
    assert Import.get_by_id(row.id).state == "undoing" and Customer.select().count() == count
    assert checks.faults() == []
    monkeypatch.setattr(Import, "record_end", real)
    with at(now() + dt.timedelta(minutes=5)):
        Import.run_waiting()
    assert Import.get_by_id(row.id).state == "undone" and Customer.select().count() == count
    assert checks.faults() == []
