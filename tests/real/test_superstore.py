"""Discounts, margins and orders of the Superstore data, recomputed plainly."""

import csv
import datetime as dt
from collections import Counter
from decimal import Decimal

import pytest

from models.customers import Customer
from models.insights import (
    Lens,
    customers,
    overview,
)
from models.operations import upkeep
from models.products import Product
from tests.real.figures import fen, half_up
from tests.real.test_shared_data import DATA, run
from tests.support import required

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"needs {required.DATA}")


@pytest.mark.full
def test_superstore_discounts_margins_and_orders(firm):
    """Chinese heads, discounts, profits: what the file calls profit gives the cost of each
    product."""
    path = DATA / "superstore-zh/cn_superstore_dev_2014_gbk.csv"
    rows = list(csv.DictReader(path.read_bytes().decode("gb18030").splitlines()))
    cost = {
        r["产品 ID"]: (Decimal(r["销售额"]) - Decimal(r["利润"])) / Decimal(r["数量"]) for r in rows
    }
    for code in sorted(cost)[:200]:
        Product.enter(
            firm.fang,
            code=code,
            name=code,
            price=1,
            category="x",
            cost=max(int(cost[code] * 10000), 0),
        )
    run(firm, "documents", path, kind="order", same_number="separate")
    lens = Lens.of(
        firm.fang,
        currency="CNY",
        first=dt.date(2014, 1, 1),
        last=dt.date(2014, 12, 31),
        basis="order",
    )
    t, known = overview.totals(lens), set(sorted(cost)[:200])
    assert t.net == sum(fen(r["销售额"]) for r in rows) and upkeep.differences() == []
    assert t.costed == sum(fen(r["销售额"]) for r in rows if r["产品 ID"] in known)
    expected = sum(
        half_up(int(Decimal(r["数量"]) * 10000) * max(int(cost[r["产品 ID"]] * 10000), 0), 10**6)
        for r in rows
        if r["产品 ID"] in known
    )
    assert t.cost == expected and overview.totals(lens.replace(basis="invoice")).net == 0
    whole = sum(
        Decimal(r["销售额"]) * Decimal(r["折扣"]) / (1 - Decimal(r["折扣"]))
        for r in rows
        if r["折扣"] != "1"
    )
    assert t.discount == pytest.approx(int(whole * 100), rel=Decimal("0.001"))
    by = Counter()
    for r in rows:
        by[r["客户 ID"]] += fen(r["销售额"])
    assert (
        Counter(
            {
                c: n
                for c, n in ((Customer.get_by_id(r.id).code, r.net) for r in customers.rows(lens))
            }
        )
        == by
    )
