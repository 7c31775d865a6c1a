"""An import is written in portions and exists from one moment on, or not at all."""

import datetime as dt

import pytest

from models.adapters import search
from models.core import journal, portions
from models.core.clock import at, now
from models.core.database import db
from models.core.imported_range import ImportedContent, ImportedRange
from models.core.journal import Event
from models.core.model import tables
from models.core.published import with_unpublished
from models.customers import Address, Customer
from models.customers.keys import CustomerKey
from models.documents import Document, Line
from models.imports import Import, ImportedRow, changing, publishing
from models.operations import checks, upkeep
from models.operations.backup import repair
from models.operations.number_book import number_book
from models.payments import Allocation, Payment
from models.payments.credit_note import settle_source
from models.payments.refund import Refund, credit_left
from models.products import Product
from tests.models.test_imports import put, run
from tests.support.sets import fully

HEADS = "Invoice No,Date,Customer,SKU,Item,Qty,Unit price,Tax rate,Corrects,Paid\n"
PAPERS = HEADS + "".join(
    [
        "A-1,2025-03-01,Old Ltd,Q1,Pen,2,10.00,13%,,22.60\n",
        "A-1,2025-03-01,Old Ltd,Q2,Ink,1,5.5,13%,,22.60\n",
        "A-2,2025-03-05,New Ltd,Q1,Pen,1,10,0,,\n",
        "A-3,2025-03-05,北京甲公司,,Free,1.5,10.55,0,,4\n",
        "C-1,2025-03-09,Old Ltd,Q1,Pen,-1,4,13%,A-1,\n",
        "C-2,2025-03-09,New Ltd,Q1,Pen,-1,3,13%,,\n",
    ]
)
SETTLED = "".join(line.rpartition(",")[0] + "\n" for line in PAPERS.splitlines())
OPTIONS = dict(kind="invoice", create_customers=True, credit_prefix="C-", settled=True)
CUSTOMERS = (
    "code,name,contact,email,street\nK1,Alpha,Ann,ann@k1.test,Road 1\nK2,Beta,,,\n"
    "A,Renamed,Anna,other@a.test,Road 2\nB,Beta Ltd,Cleo,cleo@b.test,\n"
)
WRITTEN = [cls for cls in tables() if cls._meta.hidden_by]


class Killed(BaseException):
    """What no `except Exception` catches, as a kill -9."""


def everything():
    """All that is to be seen of the tables into which imports write, of sums and of the search."""
    rows = {cls: sorted(map(str, cls.select(*columns(cls)).tuples())) for cls in WRITTEN}
    joined = Customer.alias()
    rows["alias"] = [c.id for c in joined.select().order_by(joined.id)]
    rows["found"] = list(Document.select(Document.id).where(Document.id.in_(found())).tuples())
    rows["numbers"] = [str(row) for row in number_book()]
    return rows


def columns(cls):
    """All, but the ids of what is computed again and again."""
    derived = cls._meta.hidden_by != "id"
    return [f for f in cls._meta.sorted_fields if not (derived and f.name == "id")]


def found():
    return search.find("A-1", "documents")


def kept():
    """What stands in the tables, visible or not."""
    with with_unpublished():
        return everything()


def killed_at(nth, monkeypatch):
    """Die after the nth portion was committed; returns the counter."""
    real, seen = portions.Portions.transaction, []

    @portions.contextmanager
    def dying(self):
        with real(self):
            yield
        seen.append(1)
        if len(seen) == nth:
            raise Killed

    monkeypatch.setattr(portions.Portions, "transaction", dying)
    return seen


def dies(row, monkeypatch, nth):
    """Whether the worker is killed at its nth portion."""
    with monkeypatch.context() as m:
        killed_at(nth, m)
        try:
            Import.run_waiting()
        except Killed:
            return True
    return False


@pytest.mark.parametrize(
    "target, text, options, at_once",
    [("documents", PAPERS, OPTIONS, 20), ("customers", CUSTOMERS, {}, 20)]
    + fully([], [("customers", CUSTOMERS, {}, 0)]),
)
def test_kill_9_at_any_moment_leaves_nothing_or_everything(
    firm, monkeypatch, target, text, options, at_once
):
    monkeypatch.setattr(changing, "AT_ONCE", at_once)
    row = put(firm, target, text, **options)
    before, nth, swept = everything(), 0, 0
    while True:
        nth += fully(3, 1)
        row.start(firm.fang)
        if not dies(row, monkeypatch, nth):
            break
        if Import.get_by_id(row.id).state == "done":
            break
        assert everything() == before and checks.faults() == [] and upkeep.differences() == []
        with at(now() + dt.timedelta(minutes=5)):
            Import.run_waiting()
        swept += 1
        assert Import.get_by_id(row.id).state == "failed" and kept() == before
        assert not ImportedRange.of(row.id) and not ImportedContent.select().exists()
        row = Import.get_by_id(row.id)
        row.check(firm.fang, row.mapping, options)
        Import.run_waiting()
        row = Import.get_by_id(row.id)
    Import.run_waiting()
    assert swept > 2 and everything() != before
    assert Import.get_by_id(row.id).state == "done"
    assert not ImportedRow.select().where(ImportedRow.action == "waiting").exists()
    assert checks.faults() == [] and upkeep.differences() == []


@pytest.mark.parametrize(
    "target, text, options", [("documents", PAPERS, OPTIONS), ("customers", CUSTOMERS, {})]
)
def test_kill_9_while_it_is_undone_goes_on_with_the_undo(firm, monkeypatch, target, text, options):
    before = everything()
    row, nth = run(firm, put(firm, target, text, **options)), 0
    assert row.state == "done"
    row.undo(firm.fang)
    while dies(row, monkeypatch, nth := nth + 1):
        assert checks.faults() == [] and upkeep.differences() == []
        with at(now() + dt.timedelta(minutes=5)):
            if nth > 3:
                Import.run_waiting()
                break
        Import.update(claimed_at=None).execute()
    assert Import.get_by_id(row.id).state == "undone"
    assert everything() == before and kept() == before
    assert checks.faults() == [] and upkeep.differences() == []
    assert not ImportedRange.of(row.id) and not ImportedContent.select().exists()


def test_kill_9_before_an_undo_has_begun_leaves_everything(firm, monkeypatch):
    row = run(firm, put(firm, "documents", PAPERS, **OPTIONS))
    whole = everything()
    row.undo(firm.fang)
    with monkeypatch.context() as m:
        m.setattr(ImportedRange, "hide", killed)
        with pytest.raises(Killed):
            Import.run_waiting()
    with at(now() + dt.timedelta(minutes=5)):
        Import.run_waiting()
    row = Import.get_by_id(row.id)
    assert (row.state, row.error) == ("done", "interrupted") and everything() == whole
    assert checks.faults() == [] and upkeep.differences() == []
    row.undo(firm.fang)
    Import.run_waiting()
    assert Import.get_by_id(row.id).state == "undone" and checks.faults() == []


def killed(*_args):
    raise Killed


@pytest.mark.parametrize("text, count", [(PAPERS, (2, 3, 0)), (SETTLED, (3, 3, 2))])
def test_rows_are_as_the_verbs_write_them(firm, text, count):
    """The same documents by the import, and by the verb of each."""
    row = put(firm, "documents", text, **OPTIONS)
    plan = row.plan().compute()
    run(firm, row)
    classes = (Customer, Product, Document, Line, Payment, Allocation, Refund)
    bulk = {cls: comparable(cls) for cls in classes}
    Import.get_by_id(row.id).undo(firm.fang)
    Import.run_waiting()
    by_verbs(firm, plan)
    assert bulk == {cls: comparable(cls) for cls in classes}
    assert tuple(len(bulk[cls]) for cls in (Payment, Allocation, Refund)) == count
    assert len(bulk[Line]) == 6 and len(bulk[Product]) == 3


def comparable(cls):
    """The rows without their ids; rows that they refer to by their names."""
    found = []
    order = (cls.document, cls.position) if cls is Line else (cls.id,)
    for row in cls.select().order_by(*order):
        data = {}
        for name in cls._meta.fields:
            value = getattr(row, name)
            if name not in ("id", "import_id", "snapshot"):
                data[name] = (
                    journal.label(value).split(" #")[0] if hasattr(value, "_meta") else value
                )
            elif name == "snapshot" and value:
                data[name] = {**value, "portal_url": ""}
        found.append(data)
    return found


def by_verbs(firm, plan):
    customers, products = {}, dict(plan.products)
    for (kind, number, key, data, _, _, paid), lines in zip(plan.heads, plan.lines, strict=True):
        data = dict(data)
        if key not in customers:
            customers[key] = (
                Customer.enter(firm.fang, **plan.new_customers[key])
                if isinstance(key, tuple)
                else Customer.get_by_id(key)
            )
        for line in lines:
            code = line["code"]
            if code in plan.new_products and code not in products:
                products[code] = Product.enter(firm.fang, **plan.new_products[code]).id
        if corrects := data.pop("corrects", None):
            data["source"] = Document.get(Document.number == corrects)
        lines = [{**line, "product": products.get(line["code"])} for line in lines]
        document = Document.enter_imported(firm.fang, kind, number, customers[key], lines, **data)
        if kind == "credit_note":
            settle_source(document, firm.fang)
            left = credit_left(document)
            paid and left and Refund.enter_imported(firm.fang, document, left, paid[0][1])
        for part, payment in enumerate(paid if kind == "invoice" else (), 1):
            Payment.enter_imported(firm.fang, document, *payment, part)


def test_an_unpublished_import_changes_nothing(firm, monkeypatch):
    before, seen = everything(), []
    real = publishing.publish

    def looking(*args):
        assert kept() != before  # it is all there
        assert everything() == before
        assert checks.faults() == [] and upkeep.differences() == []
        upkeep.rebuild()
        assert everything() == before
        seen.append(1)
        real(*args)

    monkeypatch.setattr(publishing, "publish", looking)
    row = run(firm, put(firm, "documents", PAPERS, **OPTIONS))
    assert seen and row.state == "done" and everything() != before
    assert checks.faults() == [] and upkeep.differences() == []
    assert Document.select().where(Document.id.in_(found())).get().number == "A-1"


def test_one_event_tells_of_all_rows_and_seals_them(firm):
    events = Event.select().count()
    row = run(firm, put(firm, "documents", PAPERS, **OPTIONS))
    assert [e.action for e in row.events] == ["uploaded", "checking", "checked", "started", "done"]
    assert Event.select().count() == events + 5
    document = Document.get(Document.number == "A-1")
    assert [e.action for e in document.events] == ["done"]
    facts = Event.select().order_by(Event.id.desc()).first().facts
    made = sum(last - first + 1 for first, last in ImportedRange.of(row.id).values()) - 1 - 6
    assert facts["rows"] == made == 2 + 2 + 5 + 2 + 3
    payment = Payment.select().where(Payment.method == "imported").first()
    Payment.update(amount=Payment.amount + 1).where(Payment.id == payment.id).execute()
    assert any("Payment" in fault for fault in journal.verify())
    assert [(n, i) for n, i, _hash in repair.damaged_rows()] == [("Payment", payment.id)]
    Payment.update(amount=Payment.amount - 1).where(Payment.id == payment.id).execute()
    assert journal.verify() == []
    line = Line.select().where(Line.document == Document.get(Document.number == "A-2").id).get()
    Line.update(name="x").where(Line.id == line.id).execute()
    assert any("Document" in fault for fault in journal.verify())
    Line.update(name=line.name).where(Line.id == line.id).execute()
    content = ImportedContent.select().first()
    changed = "0" * 64 + content.hashes[64:]
    ImportedContent.update(hashes=changed).where(ImportedContent.id == content.id).execute()
    assert any("no event seals" in fault for fault in journal.verify())


def test_what_happens_to_an_imported_row_later_is_told_by_its_own_events(firm):
    row = run(firm, put(firm, "customers", CUSTOMERS))
    made = Customer.get(Customer.code == "K1")
    made.revise(firm.fang, phone="1")
    assert journal.verify() == []
    row.undo(firm.fang)
    Import.run_waiting()
    assert Import.get_by_id(row.id).state == "undone" and journal.verify() == []
    assert Customer.get_by_id(firm.a.id).name == "北京甲公司"
    again = Customer.enter(firm.fang, name="Another")
    assert again.id > made.id
    assert [e.action for e in again.events] == ["entered"]
    assert journal.verify() == []


def test_who_enters_a_code_meanwhile_gets_it_and_the_import_is_checked_again(firm, monkeypatch):
    real = publishing.publish

    def late(*args):
        monkeypatch.setattr(publishing, "publish", real)
        Customer.enter(firm.fang, name="Mine", code="K1")
        real(*args)

    monkeypatch.setattr(publishing, "publish", late)
    row = run(firm, put(firm, "customers", CUSTOMERS))
    assert (row.state, row.error) == ("checked", "import_row_overtaken K1")
    assert Customer.get(Customer.code == "K1").name == "Mine"
    assert not Customer.select().where(Customer.code == "K2").exists()
    assert checks.faults() == [] and upkeep.differences() == []
    assert run(firm, row).state == "done" and Customer.get(Customer.code == "K1").name == "Alpha"


RECODED = "code,name\nX9,北京甲公司\nY9,Beta Ltd\n"


def test_a_change_that_cannot_be_taken_back_holds_up_no_undo(firm):
    row = run(firm, put(firm, "customers", RECODED + "N9,Nine\n", key="name"))
    Customer.enter(firm.fang, name="Mine", code="A")
    row.undo(firm.fang)
    Import.run_waiting()
    row = Import.get_by_id(row.id)
    assert (row.state, row.error) == ("undone", "undo_left 北京甲公司")
    assert not ImportedRange.of(row.id)
    assert [Customer.get_by_id(c.id).code for c in (firm.a, firm.b)] == ["X9", "B"]
    assert not Customer.select().where(Customer.code == "N9").exists() and checks.faults() == []


def test_what_is_read_of_the_whole_firm_is_read_before_the_lock_is_taken(firm, monkeypatch):
    row, read, select = put(firm, "documents", SETTLED, **OPTIONS), [], Address.select
    noted = lambda *fields: read.append(db.in_transaction()) or select(*fields)  # noqa: E731
    monkeypatch.setattr(Address, "select", noted)
    assert run(firm, row).state == "done" and read == [False]


def test_a_second_import_waits_for_the_first(firm, monkeypatch):
    first, second = (
        put(firm, "documents", PAPERS, **OPTIONS),
        put(firm, "customers", CUSTOMERS),
    )
    first.start(firm.fang)
    assert dies(first, monkeypatch, 3)
    second.start(firm.fang)
    Import.run_waiting()
    assert Import.get_by_id(second.id).state == "running"
    assert Import.get_by_id(second.id).claimed_at is None
    with at(now() + dt.timedelta(minutes=5)):
        Import.run_waiting()
    states = [Import.get_by_id(row.id).state for row in (first, second)]
    assert states == ["failed", "done"] and checks.faults() == []


def test_a_customer_is_not_found_by_one_that_was_merged_into_it_and_is_undone(firm):
    before = everything()
    row = run(firm, put(firm, "documents", PAPERS, **OPTIONS))
    Customer.get(Customer.name == "New Ltd").merge_into(
        firm.ada, Customer.get(Customer.name == "Old Ltd")
    )
    Customer.get(Customer.name == "Old Ltd").merge_into(firm.ada, firm.b)
    assert search.find("Old Ltd", "customers") and search.find("New Ltd", "customers")
    row.undo(firm.fang)
    Import.run_waiting()
    assert Import.get_by_id(row.id).state == "undone"
    assert upkeep.differences() == [] and checks.faults() == []
    assert everything() == before


def test_every_table_that_an_import_writes_is_left_out_and_undone():
    """A new table that refers to one of these has to say how it is hidden."""
    assert set(WRITTEN) == {*publishing.TABLES, *publishing.SUMS, CustomerKey}
