"""How long the pages of figures and the search take on a large firm: python bench/insights.py
[papers] [folder] [check].

Builds the firm by bulk insert (customers = papers / 100, at least one with ten thousand papers),
rebuilds index and summaries, and opens every page once cold and then five times; prints the median
milliseconds. With `check` it opens every figure of every page instead and compares it with what its
papers give, and the summaries with the papers; DATABASE_URL names another database."""

import datetime as dt
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app import create_app  # noqa: E402
from models.adapters import search
from models.core.database import db  # noqa: E402
from models.customers import Customer  # noqa: E402
from models.documents import (  # noqa: E402
    Document,
    Line,
    sales,  # noqa: E402
)
from models.operations import first_firm  # noqa: E402
from models.payments import Allocation, Payment  # noqa: E402
from models.people import Session, User  # noqa: E402
from models.products import Product  # noqa: E402

PAGES = [
    "/insights/overview",
    "/insights/customers",
    "/insights/segments",
    "/insights/cohorts",
    "/insights/stopped",
    "/insights/salespeople",
    "/insights/products",
    "/insights/categories",
    "/insights/weak",
    "/insights/pareto",
    "/insights/season",
    "/insights/paying",
    "/insights/quotes",
    "/insights/papers",
    "/insights/papers?figure=discount",
    "/insights/papers?only=new&figure=customers",
    "/insights/papers?only=settled&figure=paid",
    "/insights/papers?only=stopped&figure=customers",
    "/insights/overview?period=all",
    "/insights/products?period=all",
    "/customers/1",
    "/customers/2",
    "/search/?q=INV-2020-0099",
    "/search/?q=海东",
    "/search/?q=hd",
    "/search/?q=4321.",
    "/search/?q=客户1234",
]


def build(papers):
    """A firm with so many invoices of three lines over four years, most of them paid."""
    rng = random.Random(7)
    ada = first_firm.begin("大公司", "zh", "CNY", "Ada", "ada@bench.test", "correct horse battery")
    salespeople = [
        User.enter(ada, name=f"销售{i}", email=f"s{i}@bench.test", roles=["sales"]).id
        for i in range(20)
    ]
    customers, products, first_day = (
        max(papers // 100, 3),
        500,
        dt.date.today() - dt.timedelta(days=4 * 365),
    )
    words = "东海华信金陵西湖长江北方南山天和"
    insert(
        Customer,
        [
            {
                "name": f"{words[i % 16]}{words[i * 7 % 16]}客户{i}有限公司",
                "code": f"C{i}",
                "owner": salespeople[i % 20],
                "tags": [],
            }
            for i in range(1, customers + 1)
        ],
    )
    insert(
        Product,
        [
            {
                "code": f"P{i}",
                "name": f"产品{i}",
                "price": rng.randint(10**4, 10**7),
                "category": f"类{i % 25}",
                "cost": 5000,
            }
            for i in range(1, products + 1)
        ],
    )
    documents, lines, payments, allocations = [], [], [], []
    for n in range(1, papers + 1):
        customer = 1 if n % 20 == 0 and n <= 200_000 else rng.randint(2, customers)
        day = first_day + dt.timedelta(days=n * 4 * 365 // papers)
        nets = [rng.randint(1000, 10**6) for _ in range(3)]
        total = sum(nets)
        documents.append(
            {
                "kind": "invoice",
                "state": "issued",
                "number": f"INV-{day.year}-{n:06}",
                "customer": customer,
                "owner": salespeople[customer % 20],
                "currency": "CNY",
                "language": "zh",
                "date": day,
                "issued_on": day,
                "due_on": day + dt.timedelta(days=30),
                "net": total,
                "total": total,
                "imported": True,
            }
        )
        lines += [
            {
                "document": n,
                "position": i,
                "product": rng.randint(1, products),
                "name": "x",
                "quantity": 10000 * rng.randint(1, 9),
                "price": 1000,
                "net": v,
                "gross": v,
                "cost": 500,
            }
            for i, v in enumerate(nets, 1)
        ]
        if n % 10:
            payments.append(
                {
                    "number": f"RC-{n}",
                    "customer": customer,
                    "currency": "CNY",
                    "amount": total,
                    "received_on": min(
                        day + dt.timedelta(days=rng.randint(5, 60)), dt.date.today()
                    ),
                }
            )
            allocations.append({"payment": len(payments), "invoice": n, "amount": total})
    for cls, rows in (
        (Document, documents),
        (Line, lines),
        (Payment, payments),
        (Allocation, allocations),
    ):
        insert(cls, rows)


def insert(cls, rows):
    with db.atomic():
        for start in range(0, len(rows), 500):
            cls.insert_many(rows[start : start + 500]).execute()


def timed(label, function):
    started = time.perf_counter()
    result = function()
    print(f"{label:44} {1000 * (time.perf_counter() - started):9.1f} ms", flush=True)
    return result


def check(browser):
    """Open every figure and print those that their documents do not add up to."""
    from tests.views.test_evidence import figures, opens
    from views.staff.insights import QUESTIONS

    wrong = seen = 0
    for name in QUESTIONS:
        opened, closed = figures(browser, name, "period=12m")
        for lead in opened[:60]:
            seen += 1
            if problem := opens(browser, name, *lead):
                wrong += 1
                print(name, *problem, flush=True)
    print(
        (
            f"{seen} figures opened, {wrong} not given again by their papers; "
            f"{len(sales.differences())} differences between summaries and papers"
        ),
        flush=True,
    )
    return wrong


def main(papers=200_000, folder=None, what=""):
    folder = folder or tempfile.mkdtemp(prefix="danju-bench-")
    app = create_app(
        DATA_DIR=folder,
        DATABASE_URL=os.environ.get("DATABASE_URL") or f"sqlite:///{folder}/danju.db",
        SECRET_KEY="k" * 40,
        SMTP_URL="",
        WTF_CSRF_ENABLED=False,
    )
    with app.app_context():
        if not Document.select().exists():
            timed(f"build {papers} papers", lambda: build(papers))
            timed("rebuild the search index", search.rebuild)
            timed("rebuild the sales summaries", sales.rebuild)
        secret = Session.start(User.get(User.email == "ada@bench.test"))
    browser = app.test_client()
    browser.set_cookie("danju_sid", secret)
    if what == "check":
        with app.app_context():
            User.update(language="en").where(
                User.email == "ada@bench.test"
            ).execute()  # reckoned figures are known by their English names
        return check(browser)
    for page in PAGES:
        times, code = [], 0
        for _ in range(6):
            started = time.perf_counter()
            answer = browser.get(
                page, headers={"HX-Request": "true"} if page.startswith("/search") else {}
            )
            times.append(1000 * (time.perf_counter() - started))
            code = answer.status_code
        print(
            (
                f"{page:44} {statistics.median(times[1:]):9.1f} ms   first {times[0]:9.1f}   "
                f"{code} {len(answer.data) // 1024} KB"
            ),
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main(*(int(a) if a.isdecimal() else a for a in sys.argv[1:])) or 0)
