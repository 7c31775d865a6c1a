"""Any sequence of papers and money in three currencies against a tiny ledger of its own, step by
step."""

import datetime as dt
from collections import defaultdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.core.clock import at, now, today
from models.core.database import db
from models.core.errors import Refused
from models.disputes import Dispute
from models.documents import Document
from models.payments import Allocation, Payment, open_balance
from models.payments.credit_note import set_off
from models.payments.refund import Refund
from models.payments.write_off import WriteOff
from models.receivables import due_item
from models.receivables.ageing import BUCKETS, ageing
from models.receivables.balance import balances, left_of
from models.receivables.ledger import account, has_rows
from tests.support.plain import credits_of
from tests.support.sets import fully

CURRENCIES = ("CNY", "EUR", "JPY")
STEP = st.tuples(
    st.sampled_from(
        (
            "invoice",
            "credit_note",
            "receive",
            "report",
            "confirm",
            "allocate",
            "set_off",
            "refund",
            "write_off",
            "approve",
            "reverse_payment",
            "reverse_refund",
            "reverse_write_off",
            "void_note",
            "dispute",
            "wait",
        )
    ),
    st.sampled_from(CURRENCIES),
    st.integers(0, 9),
    st.integers(0, 9),
    st.integers(1, 1500),
)


class Ledger:
    """Double entry without a database: every paper and every coin is one signed row of (kind,
    currency, amount)."""

    def __init__(self):
        self.rows, self.settled, self.used = {}, defaultdict(int), defaultdict(int)

    def put(self, key, kind, currency, amount):
        self.rows[key] = [kind, currency, amount]

    def link(self, source, invoice, amount):
        self.settled[invoice, source] += amount

    def drop(self, key):
        self.rows.pop(key)
        for pair in [p for p in self.settled if key in p]:
            self.settled.pop(pair)

    def open(self, currency):
        invoices = {k: v[2] for k, v in self.rows.items() if v[0] == "invoice" and v[1] == currency}
        return {
            k: total - sum(a for (i, _), a in self.settled.items() if i == k)
            for k, total in invoices.items()
        }

    def balance(self, currency):
        sign = {"invoice": 1, "refund": 1, "payment": -1, "credit_note": -1, "write_off": -1}
        return sum(
            sign[kind] * amount for kind, cur, amount in self.rows.values() if cur == currency
        )


class Trade:
    """Carries each step out through the verbs and, when it is not refused, into the ledger."""

    def __init__(self, firm):
        self.firm, self.book, self.n, self.begun, self.days, self.told = (
            firm,
            Ledger(),
            0,
            now(),
            0,
            {},
        )
        self.last = CURRENCIES[0]

    @property
    def moment(self):
        return self.begun + dt.timedelta(days=self.days)

    def pick(self, query, i):
        rows = list(query.order_by(query.model.id))
        return rows[i % len(rows)] if rows else None

    def papers(self, kind, currency):
        return Document.standing().where(Document.kind == kind, Document.currency == currency)

    def payments(self, currency, state="confirmed"):
        return Payment.select().where(Payment.currency == currency, Payment.state == state)

    def do(self, step):
        name, currency, i, j, amount = step
        self.last = currency
        if name == "wait":
            self.days += i + 1
            return True
        try:
            with at(self.moment), db.atomic():
                self._do(name, currency, i, j, amount)
        except Refused:
            return False
        return True

    def _paper(self, kind, currency, amount):
        self.n += 1
        line = {
            "name": "货",
            "quantity": 10000,
            "price": amount * (10000 if currency == "JPY" else 100),
            "rate": 0,
            "tax_kind": "zero",
            "net": amount,
            "tax": 0,
            "gross": amount,
        }
        return Document.enter_imported(
            self.firm.fang,
            kind,
            f"X{self.n}",
            self.firm.a,
            [line],
            currency=currency,
            date=today(),
            due_on=today() - dt.timedelta(days=amount % 500),
            terms_days=30,
        )

    def _do(self, name, currency, i, j, amount):
        firm, book = self.firm, self.book
        if name in ("invoice", "credit_note"):
            paper = self._paper(name, currency, amount)
            book.put(("paper", paper.id), name, currency, amount)
        elif name == "receive":
            payment = Payment.receive(firm.fang, firm.a, currency, amount)
            book.put(("payment", payment.id), "payment", currency, amount)
        elif name == "report":
            Payment.report(firm.anna, currency, amount, today())
        elif name == "confirm" and (report := self.pick(self.payments(currency, "reported"), i)):
            report.confirm(firm.fang, received_on=today(), allocations=[])
            book.put(("payment", report.id), "payment", currency, report.amount)
        elif (
            name == "allocate"
            and (payment := self.pick(self.payments(currency), i))
            and (invoice := self.pick(self.papers("invoice", currency), j))
        ):
            payment.allocate(firm.fang, invoice, amount)
            book.link(("payment", payment.id), ("paper", invoice.id), amount)
        elif (
            name == "set_off"
            and (note := self.pick(self.papers("credit_note", currency), i))
            and (invoice := self.pick(self.papers("invoice", currency), j))
        ):
            set_off(firm.fang, note, invoice, amount)
            book.link(("paper", note.id), ("paper", invoice.id), amount)
        elif name == "refund":
            source = (
                self.pick(self.payments(currency), i)
                if j % 2
                else self.pick(self.papers("credit_note", currency), i)
            )
            if source:
                refund = Refund.pay(firm.fang, source, amount)
                book.put(("refund", refund.id), "refund", currency, amount)
        elif name == "write_off" and (invoice := self.pick(self.papers("invoice", currency), i)):
            WriteOff.ask(firm.fang, invoice, amount, "x")
        elif name == "approve" and (
            asked := self.pick(WriteOff.asked().where(WriteOff.currency == currency), i)
        ):
            asked.approve(firm.wang)
            book.put(("write_off", asked.id), "write_off", currency, asked.amount)
            book.link(("write_off", asked.id), ("paper", asked.invoice_id), asked.amount)
        elif name == "reverse_payment" and (payment := self.pick(self.payments(currency), i)):
            payment.reverse(firm.fang, "x")
            book.drop(("payment", payment.id))
        elif name == "reverse_refund" and (
            refund := self.pick(Refund.standing().where(Refund.currency == currency), i)
        ):
            refund.reverse(firm.fang, "x")
            book.drop(("refund", refund.id))
        elif name == "reverse_write_off" and (
            row := self.pick(
                WriteOff.select().where(
                    WriteOff.currency == currency, WriteOff.state == "approved"
                ),
                i,
            )
        ):
            row.reverse(firm.fang, "x")
            book.drop(("write_off", row.id))
        elif name == "void_note" and (note := self.pick(self.papers("credit_note", currency), i)):
            note.carry_out_void(firm.fang, "x")
            book.drop(("paper", note.id))
        elif name == "dispute" and (invoice := self.pick(self.papers("invoice", currency), i)):
            Dispute.raise_(
                firm.anna,
                customer=firm.a,
                document=invoice,
                amount=min(amount, invoice.total),
                reason="price",
                text="贵了",
            )

    def check(self):
        with at(self.moment):
            self._check()

    def _check(self):
        self._check_statements()
        assert due_item.differences() == []
        grouped = balances()
        aged = ageing()
        for currency in CURRENCIES:
            mine, found = (
                self.book.open(currency),
                grouped.get((self.firm.a.id, currency), {"open": 0, "credit": 0, "balance": 0}),
            )
            assert all(left >= 0 for left in mine.values())
            assert found["balance"] == self.book.balance(currency)
            assert found["open"] == sum(mine.values())
            assert found["balance"] == found["open"] - found["credit"]
            assert (
                found["credit"] == sum(left for _, left in credits_of(self.firm.a, currency)) >= 0
            )
            rows = list(self.papers("invoice", currency))
            assert {("paper", r.id): open_balance(r) for r in rows} == mine
            assert {("paper", k): v for k, v in left_of([r.id for r in rows]).items()} == mine
            assert sum(sum(row["buckets"]) for row in aged if row["currency"] == currency) == sum(
                mine.values()
            )

    def _check_statements(self):
        """The closing is what is open less credit, and what was closed on an earlier day opens the
        next one, whatever was undone since."""
        for currency in CURRENCIES:
            self.told[currency, today()] = self.book.balance(currency)
        days = [day for cur, day in self.told if cur == self.last]
        for since in {days[0], days[len(days) // 2]}:
            found = account(self.firm.a, self.last, since, today())
            assert (
                found["closing"] == found["open"] - found["credit"] == self.book.balance(self.last)
            )
            before = [day for day in days if day < since]
            assert found["opening"] == (self.told[self.last, before[-1]] if before else 0)
            assert sum(found["ageing"]) == found["open"] == sum(self.book.open(self.last).values())
            assert has_rows(self.firm.a, self.last, since, today()) == bool(found["rows"])
            rows = ageing(today(), customers=self.firm.a.group)
            aged = [row["buckets"] for row in rows if row["currency"] == self.last]
            assert found["ageing"] == (aged[0] if aged else [0] * len(BUCKETS))


@settings(max_examples=fully(12, 30), deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEP, min_size=5, max_size=40))
def test_balances_equal_a_tiny_ledger_at_every_step(firm, steps):
    with db.atomic() as undo:
        trade = Trade(firm)
        for step in steps:
            trade.do(step)
            trade.check()
        undo.rollback()


def test_the_same_money_twice_is_noticed(firm):
    """The ledger can fail: one allocation slipped in behind the verbs is seen."""
    trade = Trade(firm)
    for step in (
        ("invoice", "CNY", 0, 0, 1000),
        ("receive", "CNY", 0, 0, 1000),
        ("allocate", "CNY", 0, 0, 400),
    ):
        assert trade.do(step)
    trade.check()
    Allocation.insert(payment=Payment.get(), invoice=Document.get(), amount=1).execute()
    with pytest.raises(AssertionError):
        trade.check()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda: Payment.update(reversed_on=None).execute(),
        lambda: Payment.update(reversed_on=today()).execute(),
        lambda: Document.update(total=Document.total + 1).execute(),
        lambda: Payment.update(amount=1).where(Payment.state == "confirmed").execute(),
    ],
)
def test_a_statement_that_forgets_what_was_undone_is_noticed(firm, spoil):
    trade = Trade(firm)
    for step in (
        ("receive", "CNY", 0, 0, 1000),
        ("wait", "CNY", 0, 0, 1),
        ("invoice", "CNY", 0, 0, 700),
        ("wait", "CNY", 0, 0, 1),
        ("reverse_payment", "CNY", 0, 0, 1),
        ("receive", "CNY", 0, 0, 300),
    ):
        assert trade.do(step)
        trade.check()
    with pytest.raises(AssertionError):
        with at(trade.begun):
            spoil()
        trade.check()
