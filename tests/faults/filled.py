"""Issued invoices by the thousand, written by bulk insert: for drills of backups, as no verb is
called."""

import datetime as dt
import random

import peewee as pw

from models.core.database import db
from models.customers import Customer
from models.documents import Document, Line, sales
from models.receivables import credit_item, debtor, due_item, paid_part

CUSTOMERS, LINES, BATCH = 1000, 3, 5000


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
        credit_item.rebuild()
        debtor.rebuild()
