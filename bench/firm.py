"""A firm of any size in a temporary folder, written by bulk insert: for measuring only, as no verb
is called."""

import contextlib
import datetime as dt
import random
import tempfile
import time
from pathlib import Path

import peewee as pw

from app import create_app
from models.core.database import db
from models.customers import Customer
from models.documents import Document, Line, sales
from models.operations import first_firm
from models.payments import Allocation, Payment
from models.people import Session
from models.receivables import due_item, paid_part

CUSTOMERS, LINES, BATCH = 1000, 3, 5000


@contextlib.contextmanager
def firm(documents=0, **settings):
    """(app, administrator) of a fresh firm with so many issued invoices of three lines each."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(
            DATA_DIR=Path(folder),
            DATABASE_URL=f"sqlite:///{folder}/danju.db",
            SECRET_KEY="k" * 40,
            SMTP_URL="",
            BASE_URL="http://localhost:8000",
            WTF_CSRF_ENABLED=False,
            **settings,
        )
        with app.app_context():
            admin = first_firm.begin(
                "量", "zh", "CNY", "Ada", "ada@bench.test", "correct horse battery"
            )
            if documents:
                fill(admin, documents)
            yield app, admin
            db.close()


def fill(admin, documents):
    """Insert so many issued invoices, whose totals are the sums of their lines."""
    rng, first = random.Random(1), dt.date.today() - dt.timedelta(days=1000)
    start, earlier_customers = (
        (Document.select(pw.fn.MAX(Document.id)).scalar() or 0) + 1,
        Customer.select().count(),
    )
    with db.atomic():
        rows = [
            {"code": f"K{i}", "name": f"客户 {i} 有限公司", "owner": admin.id}
            for i in range(CUSTOMERS)
        ]
        for offset in range(0, CUSTOMERS, 500):
            Customer.insert_many(rows[offset : offset + 500]).execute()
        ids = [
            c.id
            for c in Customer.select(Customer.id).order_by(Customer.id).offset(earlier_customers)
        ]
        for begin in range(0, documents, BATCH):
            indexes = range(begin, min(begin + BATCH, documents))
            amounts = [[rng.randint(40, 3 * 10**6) for _ in range(LINES)] for _ in indexes]
            document_rows = [
                (
                    start + i,
                    "invoice",
                    "issued",
                    f"B-{i + 1}",
                    rng.choice(ids),
                    admin.id,
                    "CNY",
                    "zh",
                    (first + dt.timedelta(days=1000 * i // documents)),
                    sum(parts),
                    0,
                    sum(parts),
                )
                for i, parts in zip(indexes, amounts, strict=True)
            ]
            fields = [
                Document.id,
                Document.kind,
                Document.state,
                Document.number,
                Document.customer,
                Document.owner,
                Document.currency,
                Document.language,
                Document.date,
                Document.net,
                Document.tax,
                Document.total,
            ]
            lines = [
                (
                    start + i,
                    n + 1,
                    f"货品 {rng.randint(1, 300)}",
                    10000,
                    part * 100,
                    part,
                    part,
                )
                for i, parts in zip(indexes, amounts, strict=True)
                for n, part in enumerate(parts)
            ]
            for offset in range(0, len(document_rows), 1000):
                Document.insert_many(document_rows[offset : offset + 1000], fields).execute()
            for offset in range(0, len(lines), 2000):
                Line.insert_many(
                    lines[offset : offset + 2000],
                    [
                        Line.document,
                        Line.position,
                        Line.name,
                        Line.quantity,
                        Line.price,
                        Line.net,
                        Line.gross,
                    ],
                ).execute()
        Document.update(issued_on=Document.date, due_on=Document.date).where(
            Document.id >= start
        ).execute()
        sales.rebuild()
        paid_part.rebuild()
        due_item.rebuild()


@db.atomic()
def pay_most():
    """Pay nine of ten invoices, each by a payment of its own."""
    invoices = Document.select(Document.id, Document.customer, Document.total, Document.date)
    rows = list(invoices.where(Document.id % 10 > 0).tuples())
    payments = [(i, f"P-{i}", customer, "CNY", total, day) for i, customer, total, day in rows]
    fields = [Payment.id, Payment.number, Payment.customer, Payment.currency, Payment.amount]
    for offset in range(0, len(rows), 1000):
        Payment.insert_many(
            payments[offset : offset + 1000], [*fields, Payment.received_on]
        ).execute()
        Allocation.insert_many(
            [(i, i, total) for i, _, total, _ in rows[offset : offset + 1000]],
            [Allocation.payment, Allocation.invoice, Allocation.amount],
        ).execute()
    due_item.rebuild()


def signed_in(app, person):
    """A browser in which this person is signed in."""
    browser = app.test_client()
    browser.set_cookie("danju_sid", Session.start(person))
    return browser


def milliseconds(function, times=20):
    """The median of so many runs, in milliseconds."""
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        function()
        seconds.append(time.perf_counter() - began)
    return sorted(seconds)[len(seconds) // 2] * 1000


def table(title, rows):
    """Print name, milliseconds, and the ratio to the first row."""
    print(f"\n{title}")
    for name, ms in rows:
        print(f"  {name:<58}{ms:>10.2f} ms{ms / rows[0][1]:>9.2f} ×")
