"""Real receivables: settled on their day, as old and as late as the set's own columns say."""

import csv
import datetime as dt
from collections import defaultdict
from decimal import Decimal

import pytest

from models.customers import Customer
from models.documents import Document
from models.insights import Lens, paying
from models.payments import Payment
from models.receivables import ageing
from models.receivables.balance import money_state, open_items
from tests.real.figures import fen, half_up
from tests.real.test_shared_data import DATA, put, run
from tests.support import required
from tests.support.plain import bucket_of

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"needs {required.DATA}"),
]


@pytest.fixture
def receivables(made_once):
    """The file, imported."""
    path = DATA / "accounts-receivable/ibm_ar_dev.csv"
    made_once(
        "receivables", lambda firm: run(firm, "documents", path, currency="USD", language="en")
    )
    return path


def test_receivables_with_american_days_are_settled_on_their_day(firm, receivables):
    assert (Document.select().count(), Payment.select().count(), Customer.select().count()) == (
        1412,
        1412,
        59,
    )
    one = Document.get(Document.number == "0007900770")
    assert money_state(one) == "paid" and one.due_on.isoformat() == "2013-02-25"
    again = put(firm, "documents", receivables, currency="USD", language="en")
    assert again.findings["counts"]["same"] == 1412 and again.findings["counts"]["create"] == 0


def test_receivables_age_as_the_set_itself_says(receivables):
    day_of = lambda text: dt.datetime.strptime(text, "%m/%d/%Y").date()  # noqa: E731
    rows = list(csv.DictReader(receivables.open()))
    late = {r["invoiceNumber"]: int(r["DaysLate"]) for r in rows}
    settled = dict(Payment.select(Payment.reference, Payment.received_on).tuples())
    papers = list(Document.select())
    assert {d.number: d.days_late(settled[d.number]) for d in papers} == late and sum(
        1 for n in late.values() if n
    ) > 400
    taken = {r["invoiceNumber"]: int(r["DaysToSettle"]) for r in rows}
    assert {d.number: (settled[d.number] - d.date).days for d in papers} == taken
    for day in (dt.date(2012, 6, 30), dt.date(2013, 3, 31), dt.date(2013, 12, 31)):
        expected, by_date, count = [0] * 7, [0] * 7, 0
        for r in rows:
            if day_of(r["InvoiceDate"]) <= day < day_of(r["SettledDate"]):
                for buckets, start in ((expected, r["DueDate"]), (by_date, r["InvoiceDate"])):
                    buckets[bucket_of((day - day_of(start)).days)] += int(
                        Decimal(r["InvoiceAmount"]) * 100
                    )
                count += 1
        found, dated = (ageing.totals(ageing.ageing(day, by))["USD"] for by in ("due", "invoice"))
        assert (found["buckets"], dated["buckets"], open_items(day).count()) == (
            expected,
            by_date,
            count,
        )


def test_receivables_days_to_pay(firm, receivables):
    day = lambda text: dt.datetime.strptime(text, "%m/%d/%Y").date()  # noqa: E731
    sums = defaultdict(lambda: [0, 0, 0, 0])
    for r in csv.DictReader(receivables.open(encoding="utf-8-sig")):
        amount, settled = fen(r["InvoiceAmount"]), day(r["SettledDate"])
        if settled.year == 2012:
            s = sums[r["customerID"]]
            s[0] += amount
            s[1] += amount * (settled - day(r["InvoiceDate"])).days
            s[2] += amount * int(r["DaysLate"])
            s[3] += amount if int(r["DaysLate"]) else 0
    lens = Lens.of(firm.fang, currency="USD", first=dt.date(2012, 1, 1), last=dt.date(2012, 12, 31))
    found = {Customer.get_by_id(r.id).code: r for r in paying.rows(lens)}
    assert found.keys() == sums.keys() and len(found) > 40
    for code, (paid, days, late, late_paid) in sums.items():
        r = found[code]
        assert (r.paid, r.days, r.late_days, r.late_share) == (
            paid,
            half_up(days, paid),
            half_up(late, paid),
            half_up(late_paid * 10000, paid),
        )
