"""What came in of each set, by month, customer and product, against plain sums of pandas."""

import sqlite3
from decimal import Decimal

import pytest
from peewee import fn

from models.customers import Customer
from models.documents import Document, Line
from models.operations import checks
from models.products import Product
from tests.real.figures import fen
from tests.real.test_shared_data import DATA, run
from tests.support import required
from tests.support.sets import FULL

pandas = pytest.importorskip("pandas") if FULL else None
pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"needs {required.DATA}"),
]


def ours():
    """A frame of all lines that are here: month, customer, product, cents."""
    query = (
        Line.select(
            Document.kind, Document.date, Customer.code, Customer.name, Line.code, Line.gross
        )
        .join(Document, on=Line.document == Document.id)
        .join(Customer, on=Document.customer == Customer.id)
    )
    rows = [
        (f"{date:%Y-%m}", code or name, product, -gross if made == "credit_note" else gross)
        for made, date, code, name, product, gross in query.tuples()
    ]
    return pandas.DataFrame(rows, columns=["month", "customer", "product", "cents"])


def plain(frame):
    """The same frame of the file's own columns: date, customer, product, quantity, price, off."""
    rows = zip(frame.quantity, frame.price, frame.off, strict=True)
    cents = [fen(Decimal(q) * Decimal(p) * (1 - Decimal(o))) for q, p, o in rows]
    month = pandas.to_datetime(frame.date, format="mixed").dt.strftime("%Y-%m")
    return pandas.DataFrame(
        {"month": month, "customer": frame.customer, "product": frame["product"], "cents": cents}
    )


def same(expected):
    found = ours()
    assert len(found) == len(expected)
    for column in ("month", "customer", "product"):
        sums = [f.groupby(column).cents.sum().to_dict() for f in (found, expected)]
        assert sums[0] == sums[1], column
    assert checks.faults() == []


def of_sqlite(path, query):
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as link:
        return pandas.read_sql(query, link, dtype=str)


def as_csv(frame):
    return frame.to_csv(index=False).encode()


def test_chinook(firm):
    frame = of_sqlite(
        DATA / "chinook/Chinook_Sqlite.sqlite",
        """SELECT i.InvoiceId number, date(i.InvoiceDate) date, i.CustomerId "customer id",
        t.TrackId "product id", t.Name "product name", l.Quantity quantity, l.UnitPrice price
        FROM Invoice i JOIN InvoiceLine l USING (InvoiceId) JOIN Track t USING (TrackId)""",
    )
    run(firm, "documents", as_csv(frame), currency="USD", language="en")
    frame = frame.rename(columns={"customer id": "customer", "product id": "product"})
    same(plain(frame.assign(off="0")))


def test_northwind(firm):
    frame = of_sqlite(
        DATA / "northwind/northwind.sqlite",
        """SELECT o.OrderID number, date(o.OrderDate) date, o.CustomerID "customer id",
        d.ProductID "product id", d.Quantity quantity, d.UnitPrice "unit price",
        round(d.Discount, 4) discount FROM Orders o JOIN "Order Details" d USING (OrderID)""",
    )
    run(firm, "documents", as_csv(frame), kind="order", currency="USD", language="en")
    names = {"customer id": "customer", "product id": "product", "unit price": "price"}
    same(plain(frame.rename(columns={**names, "discount": "off"})))


def test_classicmodels(firm):
    folder = DATA / "classicmodels"
    frame = pandas.merge(
        pandas.read_csv(folder / "orders.csv", dtype=str, keep_default_na=False),
        pandas.read_csv(folder / "orderdetails.csv", dtype=str, keep_default_na=False),
        on="orderNumber",
    ).drop(columns="orderLineNumber")
    run(firm, "customers", folder / "customers.csv", currency="USD", language="en")
    out = ["Cancelled", "On Hold"]
    run(firm, "documents", as_csv(frame), currency="USD", language="en", status_out=out)
    names = {
        "orderDate": "date",
        "customerNumber": "customer",
        "productCode": "product",
        "quantityOrdered": "quantity",
        "priceEach": "price",
    }
    same(plain(frame[~frame.status.isin(out)].rename(columns=names).assign(off="0")))


def test_a_week_of_online_retail(firm):
    path = DATA / "online-retail/online_retail_dev_2010-12-01_07.csv"
    options = {"currency": "GBP", "language": "en", "credit_prefix": "C", "fallback": "Walk-in"}
    run(firm, "documents", path, **options)
    frame = pandas.read_csv(path, dtype=str, keep_default_na=False)
    names = {
        "InvoiceDate": "date",
        "StockCode": "product",
        "Quantity": "quantity",
        "UnitPrice": "price",
    }
    frame = frame.rename(columns=names).assign(off="0")
    same(plain(frame.assign(customer=frame.CustomerID.replace("", "Walk-in"))))


def test_accounts_receivable(firm):
    path = DATA / "accounts-receivable/ibm_ar_dev.csv"
    run(firm, "documents", path, currency="USD", language="en")
    frame = pandas.read_csv(path, dtype=str)
    names = {"InvoiceDate": "date", "customerID": "customer", "InvoiceAmount": "price"}
    same(plain(frame.rename(columns=names).assign(product="", quantity="1", off="0")))


def test_superstore(firm):
    path = DATA / "superstore-zh/cn_superstore_dev_2014_gbk.csv"
    run(firm, "documents", path, kind="order", same_number="separate")
    frame = pandas.read_csv(path, dtype=str, encoding="gb18030")
    names = {
        "订单日期": "date",
        "客户 ID": "customer",
        "产品 ID": "product",
        "销售额": "price",
    }
    same(plain(frame.rename(columns=names).assign(quantity="1", off="0")))


@pytest.mark.parametrize(
    "path, prices",
    [("classicmodels/products.csv", ("MSRP", "buyPrice")), ("northwind/products.csv", ())],
)
def test_products(firm, path, prices):
    before = Product.select().count()
    row = run(firm, "products", DATA / path, currency="USD")
    frame = pandas.read_csv(DATA / path, dtype=str)
    assert Product.select().count() - before == len(frame) == row.findings["counts"]["create"]
    made = Product.select().where(Product.id > before)
    for field, head in zip((Product.price, Product.cost), prices, strict=False):
        own = made.select(fn.SUM(field)).scalar()
        assert own == sum(int(Decimal(text) * 10000) for text in frame[head])
