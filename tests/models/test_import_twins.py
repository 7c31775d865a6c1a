"""Names that are nearly those of customers who are here: shown, and joined or kept apart as a
person says."""

import pytest

from models.core.errors import Refused
from models.customers import Customer, names
from models.documents import Document
from models.imports import Import
from models.imports.known_customers import Spellings
from tests.models.test_imports import put, run

HEAD = "number,date,customer,amount,item\n"


def twins(row):
    return [
        (t["value"], t["known"], t["row"], t["count"], t["taken"]) for t in row.findings["twins"]
    ]


def decided(firm, row, number, same):
    row.decide_twin(firm.fang, number, same)
    Import.run_waiting()
    return Import.get_by_id(row.id)


@pytest.mark.parametrize(
    "known, name",
    [
        ("苏州精密机械有限公司", "苏州精密机械"),
        ("Acme Trading Ltd", "ACME Tradinng"),
        ("Acme Trading Ltd", "Acme Trding Co., Ltd."),
        ("杭州天元贸易有限公司", "杭州天源贸易有限公司"),
        ("上海浦东新区华信商贸", "上海浦东新区华兴商贸"),
        ("Müller Söhne GmbH", "Muller Söhne GmbH"),
    ],
)
def test_names_that_are_nearly_equal_are_found(known, name):
    assert Spellings({known: 1}).like(name) == known


@pytest.mark.parametrize(
    "known, name",
    [
        ("苏州精密", "苏州精工"),
        ("华东一分公司", "华东二分公司"),
        ("Store 12", "Store 13"),
        ("Bank", "Bask"),
        ("客户0001", "客户0002"),
        ("Hotel A", "Hotel B"),
        ("Acme Trading Ltd", "Acme Holding Ltd"),
        ("北京甲公司", "北京乙公司"),
    ],
)
def test_names_that_only_look_so_are_not(known, name):
    assert Spellings({known: 1}).like(name) is None


def test_documents_of_a_near_twin_are_joined_by_a_word(firm):
    rows = "".join(f"Q{n},2025-01-02,Beta Limited,5,Pen\n" for n in range(3))
    row = put(firm, "documents", HEAD + rows)
    assert twins(row) == [("Beta Limited", "Beta Ltd", 2, 3, None)] and row.clean
    with pytest.raises(Refused):
        row.decide_twin(firm.fang, 3, True)
    row = decided(firm, row, 2, True)
    assert twins(row)[0][-1] == "Beta Ltd" and row.findings["counts"]["customers"] == 0
    row = run(firm, row)
    assert {d.customer_id for d in Document.select()} == {firm.b.id}
    assert Customer.select().count() == 2


@pytest.mark.parametrize("again", [False, True])
def test_both_are_right(firm, again):
    row = put(firm, "documents", f"{HEAD}Q1,2025-01-02,Beta Limited,5,Pen\n")
    row = decided(firm, row, 2, False)
    assert twins(row)[0][-1] == ""
    if again:
        row = decided(firm, row, 2, None)
        assert twins(row)[0][-1] is None
    run(firm, row)
    assert Customer.select().count() == 3


@pytest.mark.parametrize("key", ["name", "code"])
def test_a_row_of_customers_is_taken_as_the_one_who_is_here(firm, key):
    text = "code,name,phone\nX9,Beta Limited,13800138000\n"
    row = put(firm, "customers", text, key=key)
    assert row.findings["counts"]["create"] == 1
    row = decided(firm, row, 2, True)
    assert row.findings["counts"]["update"] == 1
    run(firm, row)
    kept = Customer.get_by_id(firm.b.id)
    assert (kept.name, kept.phone, Customer.select().count()) == ("Beta Ltd", "13800138000", 2)


def test_two_new_names_of_one_file_are_joined_too(firm):
    rows = "Q1,2025-01-02,Gamma Works,5,Pen\nQ2,2025-01-02,Gamma Wroks,5,Pen\n"
    row = put(firm, "documents", HEAD + rows + "Q3,2025-01-02,Gamma Work,5,Pen\n")
    assert [t[0] for t in twins(row)] == ["Gamma Wroks", "Gamma Work"]
    run(firm, decided(firm, row, 4, True))
    assert Customer.select().count() == 4


def test_the_same_name_typed_otherwise_under_another_code_is_a_twin(firm):
    row = put(firm, "customers", "code,name\nX9,beta  LTD\n", key="code")
    assert [t[:2] for t in twins(row)] == [("beta LTD", "Beta Ltd")]


def test_each_name_is_taken_apart_once(monkeypatch):
    """However many others begin like it: of 20,000 customers of one town each was compared with
    hundreds, and both taken apart anew each time."""
    taken, folded = [], names._folded
    monkeypatch.setattr(names, "_folded", lambda text: taken.append(text) or folded(text))
    spellings = Spellings({})
    for n in range(100, 300):
        name = f"上海{n}号一家"
        assert spellings.like(name) is None
        spellings._learn(name)
    assert len(taken) < 200 * 10
