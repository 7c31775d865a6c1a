"""Salespeople of the Northwind data by their orders, recomputed plainly."""

import datetime as dt
import sqlite3
from collections import Counter, defaultdict
from decimal import Decimal

import pytest

from models.insights import (
    Lens,
    quotes,
    salespeople,
)
from tests.real.figures import fen
from tests.real.test_shared_data import DATA, put, run, table
from tests.support import required

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"needs {required.DATA}")


@pytest.mark.full
def test_northwind_salespeople_by_their_orders(firm):
    base = DATA / "northwind/northwind.sqlite"
    from models.people import User

    with sqlite3.connect(f"file:{base}?mode=ro", uri=True) as link:
        people = link.execute(
            "SELECT EmployeeID, FirstName || ' ' || LastName FROM Employees"
        ).fetchall()
        lines = link.execute("""SELECT o.EmployeeID, o.CustomerID, date(o.OrderDate), o.OrderID,
            d.UnitPrice, d.Quantity, d.Discount
            FROM Orders o JOIN "Order Details" d USING (OrderID)
            WHERE date(o.OrderDate) BETWEEN '1997-01-01' AND '1997-12-31'""").fetchall()
        ever = dict(link.execute("SELECT CustomerID, min(date(OrderDate)) FROM Orders GROUP BY 1"))
    for _id, name in people:
        User.enter(firm.ada, name=name, email=f"{name.split()[0].lower()}@nw.test", roles=["sales"])
    run(
        firm,
        "documents",
        table(
            base,
            """SELECT o.OrderID AS orderID, o.CustomerID AS customerID, o.OrderDate AS orderDate,
        e.FirstName || ' ' || e.LastName AS salesperson, d.ProductID AS productID,
        d.UnitPrice AS unitPrice, d.Quantity AS quantity, d.Discount AS discount
        FROM Orders o JOIN "Order Details" d USING (OrderID) JOIN Employees e USING (EmployeeID)
        ORDER BY o.OrderID""",
        ),
        kind="order",
        currency="USD",
    )
    lens = Lens.of(
        firm.fang,
        currency="USD",
        first=dt.date(1997, 1, 1),
        last=dt.date(1997, 12, 31),
        basis="order",
    )
    worth, list_price, papers, buyers, new = (
        Counter(),
        Counter(),
        defaultdict(set),
        defaultdict(set),
        defaultdict(set),
    )
    for who, customer, day, order, price, quantity, discount in lines:
        price, off = Decimal(str(price)), Decimal(str(round(discount, 4)))
        worth[who] += fen(price * quantity * (1 - off))
        list_price[who] += fen(price * quantity)
        papers[who].add(order)
        buyers[who].add(customer)
        if ever[customer] == day:
            new[who].add(customer)
    ident = {User.get(User.name == name).id: who for who, name in people}
    found = {ident[r.id]: r for r in salespeople.rows(lens)}
    assert found.keys() == worth.keys()
    for who, r in found.items():
        assert (r.net, r.papers, r.customers, r.new, r.discount) == (
            worth[who],
            len(papers[who]),
            len(buyers[who]),
            len(new[who]),
            list_price[who] - worth[who],
        )
    assert quotes.rows(lens) == [] and put
