"""How long the page of a customer with ten thousand papers takes: python -m bench.customer
[papers].

Written by bulk insert: every paper with three lines, its journal event, a mail and (nine of ten)
its payment; also messages, notes, follow-ups and a thousand events of the customer's own. Another
500 customers share as many papers again. Prints the first and the median time of the page, with the
processor's part of it, and its ten slowest queries. Measures, asserts nothing."""

import datetime as dt
import random
import sys
import time

import peewee as pw

from bench.firm import firm, signed_in
from models.adapters import search
from models.adapters.outbox import Mail
from models.care import FollowUp
from models.core.clock import now
from models.core.database import db
from models.core.journal import Event
from models.customers import Contact, Customer, Note
from models.documents import Document, Line, Message, sales
from models.payments import Allocation, Payment
from models.products import Product
from models.receivables import paid_part

TIMES = 7


def build(admin, papers):
    """The large customer is the first; the same number of papers belongs to five hundred others."""
    rng, first_day = random.Random(3), dt.date.today() - dt.timedelta(days=4 * 365)
    insert(
        Customer,
        [
            {"code": f"K{i}", "name": f"客户 {i} 有限公司", "owner": admin.id, "tags": []}
            for i in range(501)
        ],
    )
    insert(
        Contact,
        [{"customer": i + 1, "name": f"人{i}", "email": f"c{i}@bench.test"} for i in range(501)],
    )
    insert(
        Product,
        [
            {"code": f"P{i}", "name": f"产品{i}", "price": 10000, "category": f"类{i % 25}"}
            for i in range(300)
        ],
    )
    documents, lines, payments, allocations, events, mails = [], [], [], [], [], []
    for n in range(1, 2 * papers + 1):
        customer, day = (
            1 if n % 2 else rng.randint(2, 501),
            first_day + dt.timedelta(days=n * 4 * 365 // (2 * papers)),
        )
        nets = [rng.randint(1000, 10**6) for _ in range(3)]
        documents.append(
            {
                "kind": "invoice",
                "state": "issued",
                "number": f"INV-{n:06}",
                "customer": customer,
                "owner": admin.id,
                "currency": "CNY",
                "language": "zh",
                "date": day,
                "issued_on": day,
                "due_on": day + dt.timedelta(days=30),
                "net": sum(nets),
                "total": sum(nets),
                "imported": True,
            }
        )
        lines += [
            {
                "document": n,
                "position": i,
                "product": rng.randint(1, 300),
                "name": "x",
                "quantity": 10000,
                "price": v * 100,
                "net": v,
                "gross": v,
                "cost": 500,
            }
            for i, v in enumerate(nets, 1)
        ]
        events.append(
            {
                "at": now(),
                "action": "issued",
                "subject_type": "Document",
                "subject_id": n,
                "actor_type": "User",
                "actor_id": admin.id,
                "actor_name": "Ada",
                "facts": {},
                "content": "",
                "previous": f"{n:064}",
                "hash": "",
            }
        )
        mails.append(
            {
                "key": f"m{n}",
                "message_id": f"m{n}",
                "next_at": now(),
                "recipient": f"c{customer - 1}@bench.test",
                "contact": customer,
                "template": "document_sent",
                "language": "zh",
                "context": {},
                "state": "sent",
                "queued_at": now(),
                "sent_at": now(),
            }
        )
        if n % 10:
            payments.append(
                {
                    "number": f"RC-{n}",
                    "customer": customer,
                    "currency": "CNY",
                    "amount": sum(nets),
                    "received_on": min(
                        day + dt.timedelta(days=rng.randint(5, 60)), dt.date.today()
                    ),
                }
            )
            allocations.append({"payment": len(payments), "invoice": n, "amount": sum(nets)})
    for cls, rows in (
        (Document, documents),
        (Line, lines),
        (Payment, payments),
        (Allocation, allocations),
    ):
        insert(cls, rows)
    insert(Mail, mails)
    insert(Event, events)
    insert(
        Event,
        [
            {
                **events[0],
                "action": "revised",
                "subject_type": "Customer",
                "subject_id": 1,
                "previous": f"c{i:063}",
            }
            for i in range(1000)
        ],
    )
    insert(
        Message,
        [
            {
                "document": 2 * i + 1,
                "author": "Anna",
                "from_customer": True,
                "text": "请看",
                "at": now(),
            }
            for i in range(papers // 10)
        ],
    )
    insert(Note, [{"customer": 1, "author": "Ada", "text": "x", "at": now()} for _ in range(200)])
    insert(
        FollowUp,
        [
            {
                "customer": 1,
                "owner": admin.id,
                "what": "电话",
                "due_on": first_day + dt.timedelta(days=i),
                "state": "done",
            }
            for i in range(1000)
        ],
    )
    search.rebuild()
    sales.rebuild()
    paid_part.rebuild()
    db.execute_sql("ANALYZE")


def insert(cls, rows):
    """Insert in portions."""
    with db.atomic():
        for start in range(0, len(rows), 500):
            cls.insert_many(rows[start : start + 500]).execute()


def main(papers=10_000):
    with firm() as (app, admin):
        build(admin, papers)
        browser, queries = signed_in(app, admin), []
        execute_sql = pw.Database.execute_sql

        def timed(self, sql, params=None, *more):
            started = time.perf_counter()
            try:
                return execute_sql(self, sql, params, *more)
            finally:
                queries.append((time.perf_counter() - started, sql))

        times, processor_times = [], []
        for i in range(TIMES):
            if i == TIMES - 1:
                pw.Database.execute_sql = timed
            started, processor_start = time.perf_counter(), time.process_time()
            answer = browser.get("/customers/1")
            times.append(1000 * (time.perf_counter() - started))
            processor_times.append(1000 * (time.process_time() - processor_start))
        pw.Database.execute_sql = execute_sql
        print(
            f"customer page, {papers} papers: first {times[0]:.0f} ms, median "
            f"{sorted(times)[TIMES // 2]:.0f} ms (of it the processor "
            f"{sorted(processor_times)[TIMES // 2]:.0f} ms), "
            f"{answer.status_code}, {len(answer.data) // 1024} KB, {len(queries)} queries"
        )
        for took, sql in sorted(queries, reverse=True)[:10]:
            print(f"  {1000 * took:8.1f} ms  {' '.join(sql.split())[:170]}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
