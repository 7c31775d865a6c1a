"""Real trade data through our own import; runs where the data folder stands beside the
repository."""

import csv
import datetime as dt
import io
import sqlite3
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from peewee import fn

from models.bank.matching import Matching
from models.bank.row import Row
from models.customers import Contact, Customer
from models.documents import Document, Line
from models.imports import Import
from models.operations import checks
from models.products import Product
from models.receivables import due_item
from tests.support import required
from tests.support.sets import fully

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"needs {required.DATA}")


def put(firm, target, data, **options):
    data = data.read_bytes() if isinstance(data, Path) else data
    row = Import.upload(firm.fang, target, "file.csv", data)
    row.check(firm.fang, row.mapping, options)
    Import.run_waiting()
    return Import.get_by_id(row.id)


def run(firm, *args, **options):
    row = put(firm, *args, **options)
    assert row.clean, row.findings["faults"][:5]
    row.start(firm.fang)
    Import.run_waiting()
    row = Import.get_by_id(row.id)
    assert row.state == "done", row.error
    return row


def table(base, query):
    """A query's answer as the CSV a person would export."""
    out = io.StringIO()
    with sqlite3.connect(f"file:{base}?mode=ro", uri=True) as link:
        answer = link.execute(query)
        csv.writer(out).writerows([[c[0] for c in answer.description], *answer])
    return out.getvalue().encode()


def test_the_broken_northwind_files_are_named_row_by_row_and_nothing_comes_in(firm):
    before = Customer.select().count()
    customers, orders = (
        put(firm, "customers", DATA / "northwind/customers.csv"),
        put(firm, "documents", DATA / "northwind/orders.csv"),
    )
    uneven = [f for f in orders.findings["faults"] if f[2] == "row_uneven"]
    assert (customers.findings["fault_count"], len(uneven)) == (24, 176)
    assert (
        customers.findings["faults"][0][0] == 8
        and Customer.select().count() == before
        and not Document.select().exists()
    )


@pytest.mark.full
def test_northwind_orders_come_with_salespeople_and_discounts(firm):
    base = DATA / "northwind/northwind.sqlite"
    run(
        firm,
        "customers",
        table(base, "SELECT * FROM Customers WHERE CompanyName <> '' AND CustomerID <> ''"),
    )
    lines = table(
        base,
        """SELECT o.OrderID AS orderID, o.CustomerID AS customerID, o.OrderDate AS orderDate,
        d.ProductID AS productID, p.ProductName AS productName,
        d.UnitPrice AS unitPrice, d.Quantity AS quantity, d.Discount AS discount
        FROM Orders o JOIN "Order Details" d USING (OrderID) JOIN Products p USING (ProductID)
        ORDER BY o.OrderID""",
    )
    run(firm, "documents", lines, kind="order", currency="USD")
    assert (Document.select().count(), Line.select().count()) == (830, 2155)
    assert Document.select(fn.SUM(Document.total)).scalar() == pytest.approx(126579303, abs=2000)
    assert checks.faults() == []


@pytest.mark.full
def test_chinook_invoices_come_to_the_cent(firm):
    base = DATA / "chinook/Chinook_Sqlite.sqlite"
    lines = table(
        base,
        """SELECT i.InvoiceId AS "Invoice No", i.InvoiceDate AS Date, c.CustomerId AS "Customer ID",
        COALESCE(c.Company, c.FirstName || ' ' || c.LastName) AS Customer,
        t.TrackId AS "Product ID", t.Name AS Product,
        l.UnitPrice AS "Unit price", l.Quantity AS Quantity, i.Total AS Total
        FROM Invoice i JOIN InvoiceLine l USING (InvoiceId)
        JOIN Customer c USING (CustomerId) JOIN Track t USING (TrackId) ORDER BY 1""",
    )
    run(firm, "documents", lines, currency="USD", language="en")
    assert (Document.select().count(), Line.select().count()) == (412, 2240)
    assert Document.select(fn.SUM(Document.total)).scalar() == 232860


@pytest.mark.full
def test_superstore_in_gbk_with_chinese_heads(firm):
    path = DATA / "superstore-zh/cn_superstore_dev_2014_gbk.csv"
    strict = put(firm, "documents", path, kind="order")
    assert strict.findings["faults"] and {f[2] for f in strict.findings["faults"]} <= {
        "head_differs",
        "number_two_customers",
    }
    row = run(firm, "documents", path, kind="order", same_number="separate")
    assert (
        Line.select().count() == 1764 and Customer.get(Customer.code == "谢雯-21700").name == "谢雯"
    )
    assert (
        Product.get(Product.code == "技术-设备-10000001").category == "技术"
        and row.outline["choices"]["encoding"] == "gb18030"
    )
    assert checks.faults() == []


@pytest.mark.full
def test_a_week_of_online_retail_with_its_credit_notes(firm):
    data = (DATA / "online-retail/online_retail_dev_2010-12-01_07.csv").read_bytes()
    rows, credited = fully((2000, 6), (16985, 79))
    data = b"".join(data.splitlines(keepends=True)[: rows + 1])
    strict = put(firm, "documents", data, currency="GBP", language="en", credit_prefix="C")
    assert {f[2] for f in strict.findings["faults"]} == {"customer_missing"}
    run(
        firm,
        "documents",
        data,
        currency="GBP",
        language="en",
        credit_prefix="C",
        fallback="Walk-in",
    )
    notes = Document.select().where(Document.kind == "credit_note")
    assert (Line.select().count(), notes.count()) == (rows, credited) and notes.where(
        Document.total < 0
    ).count() == 0
    assert {p.code for p in Product.select().where(fn.LOWER(Product.code) == "85123a")} >= {
        "85123A"
    }
    assert checks.faults() == []


def test_classicmodels_customers_keep_limits_and_contacts(firm):
    run(firm, "customers", DATA / "classicmodels/customers.csv", currency="USD", language="en")
    run(firm, "products", DATA / "classicmodels/products.csv", currency="USD")
    assert (
        Customer.get(Customer.code == "103").credit_limit == 2100000
        and Customer.select().where(Customer.credit_limit == 0).count() == 24
    )
    assert (
        Contact.select().where(Contact.name == "Carine Schmitt").exists()
        and Product.select().count() == 111
    )


def test_classicmodels_payments_find_their_orders(firm):
    """250 of 273 payments equal one order's total: with the customer's account on the line those
    are certain, and right."""
    run(firm, "customers", DATA / "classicmodels/customers.csv", currency="USD", language="en")
    folder = DATA / "classicmodels"
    totals, owner = (
        {},
        {
            r["orderNumber"]: r["customerNumber"]
            for r in csv.DictReader((folder / "orders.csv").open())
        },
    )
    for r in csv.DictReader((folder / "orderdetails.csv").open()):
        totals[r["orderNumber"]] = totals.get(r["orderNumber"], 0) + int(
            r["quantityOrdered"]
        ) * int(Decimal(r["priceEach"]) * 100)
    ids = dict(Customer.select(Customer.code, Customer.id).tuples())
    for code, ident in ids.items():
        Customer.update(bank_account=f"ACC{code}00").where(Customer.id == ident).execute()
    for number, total in totals.items():
        Document.insert(
            kind="invoice",
            state="issued",
            number=f"O{number}",
            customer=ids[owner[number]],
            currency="USD",
            language="en",
            date=dt.date(2005, 1, 1),
            issued_on=dt.date(2005, 1, 1),
            due_on=dt.date(2005, 1, 31),
            total=total,
            net=total,
        ).execute()
    due_item.rebuild()
    payments = list(csv.DictReader((folder / "payments.csv").open()))
    matching, tiers, right = Matching(), Counter(), 0
    for p in payments:
        amount = int(Decimal(p["amount"]) * 100)
        found = matching.propose(
            Row(
                dt.date.fromisoformat(p["paymentDate"]),
                amount,
                "USD",
                "",
                f"ACC{p['customerNumber']}00",
                "",
                p["checkNumber"],
            )
        )
        tiers[found.tier] += 1
        if found.tier == "certain":
            numbers = [n[1:] for _, n, _ in found.parts]
            right += sum(totals[n] for n in numbers) == amount and {owner[n] for n in numbers} == {
                p["customerNumber"]
            }
    exact = sum(
        1
        for p in payments
        if int(Decimal(p["amount"]) * 100)
        in [t for n, t in totals.items() if owner[n] == p["customerNumber"]]
    )
    assert (len(payments), exact) == (273, 250) and tiers["certain"] == right >= exact, tiers
