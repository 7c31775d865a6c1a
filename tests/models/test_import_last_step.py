"""What a person was shown is what an import does; or it is checked again and names why."""

import datetime as dt
import gc
import threading

import peewee as pw
import pytest

from models.core.clock import at, now
from models.core.errors import Refused
from models.customers import Customer
from models.documents import Document
from models.imports import Import, changing, publishing, writing
from models.numbering import NumberPattern
from models.operations import checks, upkeep
from models.payments import Payment
from tests.models.test_import_portions import OPTIONS, PAPERS, Killed
from tests.models.test_import_updates import FIRST
from tests.models.test_imports import faults, put, run

RECODED = "code,name\nX9,北京甲公司\nY9,Beta Ltd\n"
RENAMED = "code,name,contact,contact email,street\nA,Renamed,Anna,other@a.test,Road 2\nN1,New,,,\n"
PRODUCT = "code,name,price\nP1,Better pen,9\n"


@pytest.fixture
def late(monkeypatch):
    """Lets somebody do something right before the last step of the next import."""

    def before_publishing(deed):
        real = publishing.publish

        def publish(*args):
            monkeypatch.setattr(publishing, "publish", real)
            deed()
            real(*args)

        monkeypatch.setattr(publishing, "publish", publish)

    return before_publishing


@pytest.fixture
def in_portions(monkeypatch):
    """Even a few changes are made after the last step, and nobody makes them yet."""
    monkeypatch.setattr(changing, "AT_ONCE", 0)
    monkeypatch.setattr(Import, "apply_changes", lambda self: None)


def overtaken(row):
    return row.state, *row.error.split(" ", 1)


def clean():
    return checks.faults() == [] and upkeep.differences() == []


def deeds(firm):
    """{what somebody does meanwhile: (the file, the deed, what is named)}"""
    a, pen, anna = (type(r).get_by_id(r.id) for r in (firm.a, firm.pen, firm.anna))
    return {
        "name": (RENAMED, lambda: a.revise(firm.li, name="Other"), "Other"),
        "contact": (RENAMED, lambda: anna.revise(firm.li, email="x@a.test"), "Anna"),
        "address": (RENAMED, lambda: a.addresses.get().revise(firm.li, "Else"), "北京甲公司"),
        "price": (PRODUCT, lambda: pen.revise(firm.ada, price=1), "钢笔"),
        "code of the changed": (
            RECODED,
            lambda: Customer.enter(firm.fang, name="Me", code="X9"),
            "X9",
        ),
        "code of the new": (RENAMED, lambda: Customer.enter(firm.fang, name="Me", code="N1"), "N1"),
        "merged": (RENAMED, lambda: a.merge_into(firm.ada, firm.b), "北京甲公司"),
    }


@pytest.mark.parametrize(
    "what",
    ["name", "contact", "address", "price", "code of the changed", "code of the new", "merged"],
)
def test_who_changes_what_the_file_changes_meanwhile_is_named(firm, late, what):
    firm.a.add_address(firm.li, "billing", "Road 1")
    text, deed, name = deeds(firm)[what]
    key = "name" if text is RECODED else "code"
    row = put(firm, "products" if text is PRODUCT else "customers", text, key=key)
    late(deed)
    row = run(firm, row)
    assert overtaken(row) == ("checked", "import_row_overtaken", name)
    assert not Customer.select().where(Customer.name == "New").exists() and clean()


def test_who_changes_something_else_meanwhile_is_no_reason(firm, late):
    row = put(firm, "customers", RENAMED)
    late(lambda: Customer.get_by_id(firm.a.id).revise(firm.li, phone="1"))
    assert run(firm, row).state == "done"
    a = Customer.get_by_id(firm.a.id)
    assert (a.name, a.phone) == ("Renamed", "1") and clean()


def test_what_the_check_did_not_show_is_shown_before_it_happens(firm):
    row = put(firm, "customers", RENAMED)
    Customer.get_by_id(firm.a.id).revise(firm.li, name="Other")
    row = run(firm, row)
    assert overtaken(row) == ("checked", "import_row_overtaken", "Other")
    Customer.enter(firm.fang, name="Mine", code="N1")
    row = run(firm, row)
    assert overtaken(row) == ("checked", "import_row_overtaken", "Mine")
    assert run(firm, row).state == "done" and Customer.get(Customer.code == "N1").name == "New"
    assert clean()


def test_who_may_not_change_them_any_more_changes_nothing(firm, late):
    row = put(firm, "customers", RENAMED)
    late(lambda: firm.fang.revise(firm.ada, roles=["archivist"]))
    row = run(firm, row)
    assert overtaken(row) == ("checked", "import_forbidden")
    assert Customer.get_by_id(firm.a.id).name == "北京甲公司"


def test_a_number_pattern_defined_meanwhile_is_looked_at_again(firm, late):
    row = put(firm, "documents", PAPERS, **OPTIONS)
    late(lambda: NumberPattern.define(firm.ada, "invoice", "A-{n}"))
    row = run(firm, row)
    assert overtaken(row) == ("checked", "import_overtaken")
    assert "number_is_ours" in {fault[2] for fault in faults(row)}
    assert not Document.select().exists() and clean()


def test_who_issues_a_number_of_a_hidden_row_gets_it(firm, late):
    def issues():
        NumberPattern.define(firm.ada, "invoice", "A-{n}")
        assert firm.issued(price="10").number == "A-1"

    row = put(firm, "documents", PAPERS, **OPTIONS)
    late(issues)
    assert overtaken(run(firm, row)) == ("checked", "import_row_overtaken", "A-1") and clean()


def test_an_invoice_that_is_voided_meanwhile_is_not_credited(firm, late):
    run(firm, put(firm, "documents", PAPERS, kind="invoice", settled=False, credit_prefix="C-"))
    credit = PAPERS.splitlines()[0] + "\nC-9,2025-03-09,New Ltd,Q1,Pen,-1,3,0,A-2,\n"
    row = put(firm, "documents", credit, **OPTIONS)
    late(lambda: Document.get(Document.number == "A-2").void(firm.fang, "wrong"))
    assert overtaken(run(firm, row)) == ("checked", "import_row_overtaken", "A-2") and clean()


def test_a_few_changes_are_made_in_the_last_step(firm, monkeypatch):
    def killed(self):
        raise Killed

    row = put(firm, "customers", RENAMED)
    monkeypatch.setattr(Import, "apply_changes", killed)
    row.start(firm.fang)
    with pytest.raises(Killed):
        Import.run_waiting()
    assert Import.get_by_id(row.id).state == "done"
    assert Customer.get_by_id(firm.a.id).name == "Renamed" and clean()


def test_what_is_still_to_be_changed_cannot_be_refused_any_more(firm, in_portions, monkeypatch):
    row = run(firm, put(firm, "customers", RECODED, key="name"))
    a, b = (Customer.get_by_id(c.id) for c in (firm.a, firm.b))
    assert row.state == "done" and a.code == "A"
    for deed, code in (
        (lambda: a.revise(firm.li, code="Z"), "row_being_imported"),
        (lambda: a.merge_into(firm.ada, b), "row_being_imported"),
        (lambda: Customer.enter(firm.fang, name="Mine", code="X9"), "code_taken"),
        (lambda: row.undo(firm.fang), "import_unfinished"),
    ):
        with pytest.raises(Refused) as refused:
            deed()
        assert refused.value.code == code
    Customer.get_by_id(a.id).revise(firm.li, phone="1")
    firm.fang.revise(firm.ada, roles=["archivist"])
    monkeypatch.undo()
    Import.run_waiting()
    assert [Customer.get_by_id(c.id).code for c in (a, b)] == ["X9", "Y9"]
    assert {change.action for change in row.rows} == {"updated"} and clean()
    Customer.get_by_id(a.id).revise(firm.li, code="Z")


def test_a_code_that_stands_twice_in_the_file_is_named(firm):
    text = "code,name\nN1,One\nN1,Two\n"
    assert faults(put(firm, "customers", text, key="name")) == [(3, "code", "key_twice")]
    text = "code,name,price\nN1,One,1\nN1,Two,1\n"
    assert faults(put(firm, "products", text, key="name")) == [(3, "code", "key_twice")]


def test_a_customer_given_to_another_team_meanwhile_is_not_changed(firm, late):
    firm.li.revise(firm.ada, roles=["sales", "importer"])
    row = Import.upload(firm.li, "customers", "file.csv", RENAMED.encode())
    row.check(firm.li, row.mapping, {})
    Import.run_waiting()
    late(lambda: Customer.get_by_id(firm.a.id).revise(firm.ada, owner=firm.fang))
    row = Import.get_by_id(row.id)
    row.start(firm.li)
    Import.run_waiting()
    row = Import.get_by_id(row.id)
    assert overtaken(row) == ("checked", "import_row_overtaken", "北京甲公司")
    assert [fault[2] for fault in row.findings["faults"]] == ["customer_of_others"]


def test_who_does_not_assign_customers_imports_no_limit_and_no_salesperson(firm):
    firm.li.revise(firm.ada, roles=["sales", "importer"])
    text = "code,name,credit limit,owner\nA,北京甲公司,9,李销售\nN1,New,9,方财务\n"
    row = Import.upload(firm.li, "customers", "file.csv", text.encode())
    row.check(firm.li, row.mapping, {})
    Import.run_waiting()
    row = Import.get_by_id(row.id)
    assert {w[2] for w in row.findings["warnings"]} == {"assigning_left_out"}
    row.start(firm.li)
    Import.run_waiting()
    made = Customer.get(Customer.code == "N1")
    assert (made.credit_limit, made.owner) == (None, firm.li) and row.findings["counts"] == {
        "create": 1,
        "update": 0,
        "same": 1,
    }


def test_a_full_disk_is_named_and_an_undo_goes_on_once_there_is_room(firm, monkeypatch):
    def full(*_args, **_more):
        raise pw.OperationalError("database or disk is full")

    row = put(firm, "customers", RENAMED)
    with monkeypatch.context() as m:
        m.setattr(writing, "insert_instances", full)
        row = run(firm, row)
    assert (row.state, row.error) == ("failed", "disk_takes_nothing") and clean()
    row.check(firm.fang, row.mapping, {})
    Import.run_waiting()
    row = run(firm, Import.get_by_id(row.id))
    row.undo(firm.fang)
    with monkeypatch.context() as m:
        m.setattr(publishing, "_remove", full)
        Import.run_waiting()
    assert Import.get_by_id(row.id).state == "undoing" and clean()
    with at(now() + dt.timedelta(minutes=5)):
        Import.run_waiting()
    assert Import.get_by_id(row.id).state == "undone" and clean()


def pays(firm):
    invoice = Document.get(Document.number == "A-2")
    Payment.receive(firm.fang, invoice.customer, "CNY", 100, allocations=[(invoice, 100)])


def changed_papers(firm):
    """A file that came before, and says something else of each document now."""
    run(firm, put(firm, "documents", FIRST, settled=False))
    again = FIRST.replace("Pen,2,10", "Pen,3,10").replace("Pen,1,10", "Pen,2,10")
    return put(firm, "documents", again, existing="update", settled=False)


def test_what_is_paid_meanwhile_is_not_changed(firm, late, in_portions):
    row = changed_papers(firm)
    late(lambda: pays(firm))
    assert overtaken(run(firm, row)) == ("checked", "import_row_overtaken", "A-2") and clean()


def test_nobody_pays_what_is_just_being_changed(firm, in_portions, monkeypatch):
    row = run(firm, changed_papers(firm))
    assert row.state == "done"
    with pytest.raises(Refused, match="row_being_imported"):
        pays(firm)
    monkeypatch.undo()
    Import.run_waiting()
    assert {change.action for change in row.rows} == {"updated"} and clean()
    pays(firm)


def test_what_the_check_found_is_closed_by_whichever_thread_cleans_up(firm):
    """A worker's thread leaves nothing that only it could close."""
    row = put(firm, "customers", RENAMED, key="code")
    found = row.check_file.all_changes()
    thread = threading.Thread(target=next, args=(found,))
    thread.start()
    thread.join()
    del found, thread
    gc.collect()  # what cannot be closed here fails the test
    assert run(firm, row).state == "done"
