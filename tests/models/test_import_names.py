"""An import makes no twin of a customer whose name is only typed in another way, and tells of one
that is much alike."""

import pytest

from models.customers import Customer
from models.documents import Document
from tests.models.test_imports import put, run

HEAD = "number,date,customer,amount,item\n"
WAYS = ["北京甲公司\u200b", " 北京 甲公司", "\ufeff北京甲公司"]


def told(row):
    return [(w[0], w[2], w[3]) for w in row.findings["warnings"] if w[2].startswith("customer_")]


@pytest.mark.parametrize("name", WAYS)
def test_a_document_of_a_known_customer_typed_in_another_way(firm, name):
    row = put(firm, "documents", f'{HEAD}Q1,2025-01-02,"{name}",5,Pen\n')
    facts = {"value": name.strip(" \ufeff"), "known": "北京甲公司"}
    assert told(row) in ([(2, "customer_same", facts)], [])  # the reader may have cleaned the cell
    run(firm, row)
    assert Document.get(Document.number == "Q1").customer == firm.a
    assert Customer.select().count() == 2


def test_two_spellings_in_one_file_are_one_customer(firm):
    rows = "Q1,2025-01-02,Acme (East) Ltd,5,Pen\nQ2,2025-01-02,ACME（East）  Ltd,5,Pen\n"
    row = put(firm, "documents", HEAD + rows)
    facts = {"value": "ACME（East） Ltd", "known": "Acme (East) Ltd"}
    assert told(row) == [(3, "customer_same", facts)]
    run(firm, row)
    assert [c.name for c in Customer.select().order_by(Customer.id)][2:] == ["Acme (East) Ltd"]


def test_another_legal_form_is_told_once_and_kept(firm):
    rows = "".join(f"Q{n},2025-01-02,Beta Limited,5,Pen\n" for n in range(3))
    row = put(firm, "documents", HEAD + rows)
    (twin,) = row.findings["twins"]
    assert (twin["value"], twin["known"], twin["row"]) == ("Beta Limited", "Beta Ltd", 2)
    run(firm, row)
    assert Customer.select().count() == 3


def test_a_list_of_customers_recognised_by_name(firm):
    text = "name,phone\n北京 甲公司,13800138000\n"
    row = run(firm, put(firm, "customers", text, key="name"))
    assert row.state == "done" and Customer.select().count() == 2
    assert Customer.get_by_id(firm.a.id).phone == "13800138000"
    assert Customer.get_by_id(firm.a.id).name == "北京甲公司"


def test_code_and_name_of_a_merged_customer_lead_to_the_main_one(firm):
    twin = Customer.enter(firm.li, name="Twin", code="T")
    twin.merge_into(firm.li, firm.a)
    run(firm, put(firm, "documents", f"{HEAD}Q1,2025-01-02,Twin,5,Pen\n"))
    assert Document.get(Document.number == "Q1").customer == firm.a
    row = run(firm, put(firm, "customers", "code,name,phone\nT,Twin,13800138000\n", key="code"))
    main = Customer.get_by_id(firm.a.id)
    assert row.state == "done" and (main.code, main.phone) == ("A", "13800138000")


def test_the_check_names_the_customers_that_it_would_create(firm):
    rows = [
        f"Q{i},2025-01-02,{name},5,Pen\n" for i, name in enumerate(("Newman", firm.a.name, "Ann"))
    ]
    warnings = put(firm, "documents", HEAD + "".join(rows)).findings["warnings"]
    found = [(w[0], w[3]) for w in warnings if w[2] == "customers_new"]
    assert found == [(2, {"value": "Newman · Ann"})]
