"""A real firm of any size: what twenty years left is written by the portal's own import, and the
last weeks by its own verbs.

`python -m bench.loader 100000 FOLDER` leaves it in the folder; `firm_of()` keeps one of each
size."""

import contextlib
import datetime as dt
import gc
import os
import random
import shutil
import sys
import time
from pathlib import Path

from app import create_app
from models.core import portions
from models.core.clock import today
from models.core.database import SqliteDatabase, db
from models.core.money import half_up
from models.customers import Customer
from models.documents import Document
from models.imports import Import, publishing, written_documents
from models.imports.documents import Head
from models.imports.writing import Writer
from models.operations import first_firm
from models.people import Team, User

ROOT = Path(__file__).resolve().parent.parent
KEPT = Path(os.environ.get("BENCH_FOLDER") or ROOT / ".venv" / "bench")  # firms, and Django
PASSWORD = "correct horse battery"
YEARS, SELLERS, TEAMS, PRODUCTS = 20, 10, ("华东", "华南"), 300
KINDS = {"invoice": 0.6, "order": 0.25, "quote": 0.15}  # their share of the documents
CATEGORIES = ("茶具", "茶叶", "包装", "礼品", "配件", "设备")
PLACES = ("上海", "杭州", "苏州", "广州", "深圳", "宁波", "青岛", "成都", "武汉", "厦门")
TRADES = ("贸易", "商贸", "科技", "餐饮", "酒店", "百货", "文化", "实业")
NATIVE = 150  # documents of the last weeks, each drafted, submitted and issued
BATCH = 25_000  # documents of one import
READ = 50  # of them those that stand in its file
ALONE = {"AIM": 0.5, "PAUSE": 0, "REST": 0}  # portions that make way for nobody
PRAGMAS = "synchronous=OFF", "cache_size=-200000", "wal_autocheckpoint=20000"
HEADS = {
    "customers": "客户编号,客户名称,账期,业务员,标签,联系人,联系人邮箱",
    "products": "产品编号,产品名称,类别,单价",
    "documents": "单号,日期,到期日,客户编号,业务员,产品编号,产品名称,类别,数量,单价,税率,收款记录",
}


def firm_of(documents):
    """The folder of the firm with so many documents, made once."""
    folder = KEPT / str(documents)
    if not (folder / "ready").exists():
        shutil.rmtree(folder, ignore_errors=True)
        load(folder, documents)
        (folder / "ready").touch()
    return folder


def opened(folder, **settings):
    """The portal on this folder."""
    folder.mkdir(parents=True, exist_ok=True)
    return create_app(
        DATA_DIR=folder,
        DATABASE_URL=settings.pop("DATABASE_URL", f"sqlite:///{folder}/danju.db"),
        SECRET_KEY="k" * 40,
        SMTP_URL="",
        BASE_URL="http://localhost:8000",
        **settings,
    )


def load(folder, documents, native=NATIVE, **settings):
    """Make the firm in this folder, with a bar."""
    with opened(folder, **settings).app_context(), in_haste():
        bar, rng = Bar(documents), random.Random(1)
        people = hired()
        customers = max(20, documents // 50)
        imported(people["admin"], "customers", customer_rows(customers, rng))
        imported(people["admin"], "products", product_rows(rng))
        for kind, share in KINDS.items():
            count = int(documents * share)
            for begin in range(0, count, BATCH):
                part = range(begin, min(begin + BATCH, count))
                write(people, kind, list(papers(kind, part, count, customers, rng)), bar)
                gc.collect()  # once for each: what it left would fill gigabytes
        trade(people, customers, rng, native)
        bar.finish(Document.select().count())
        db.close()


@contextlib.contextmanager
def in_haste():
    """Nobody else works here, and what a power cut takes is made anew."""
    before = {name: vars(portions)[name] for name in ALONE}
    vars(portions).update(ALONE)
    gc.disable()  # a seventh of the time, as a hundred thousand rows wait to be written
    if isinstance(db.obj, SqliteDatabase):
        for pragma in PRAGMAS:
            db.execute_sql(f"PRAGMA {pragma}")
    try:
        yield
    finally:
        gc.enable()
        vars(portions).update(before)


def hired():
    """{name: person}: the administrator, ten salespeople in two teams with a manager each, finance
    and archivist."""
    admin = first_firm.begin("量贸易", "zh", "CNY", "Ada", "ada@bench.test", PASSWORD)
    people = {"admin": admin}

    def enter(name, role, team=None):
        mail = f"{name}@bench.test"
        people[name] = User.enter(
            admin, name=name, email=mail, roles=[role], team=team, password=PASSWORD
        )

    teams = [Team.get_or_enter(admin, name) for name in TEAMS]
    for number, team in enumerate(teams):
        enter(f"manager{number}", "manager", team)
    for number in range(SELLERS):
        enter(f"seller{number}", "sales", teams[number % len(teams)])
    enter("finance", "finance")
    enter("archivist", "archivist")
    return people


def code_of(customer):
    return f"K{customer:06}"


def seller_of(customer):
    return f"seller{customer % SELLERS}"


def customer_rows(count, rng):
    for number in range(count):
        name = f"{rng.choice(PLACES)}{number}号{rng.choice(TRADES)}有限公司"
        tags = rng.choice(("大客户", "零售", ""))
        yield (
            *(code_of(number), name, rng.choice((0, 30, 60)), seller_of(number), tags),
            *(f"联系人{number}", f"c{number}@customer.test"),
        )


def product_rows(rng):
    for number in range(PRODUCTS):
        category = CATEGORIES[number % len(CATEGORIES)]
        yield f"S{number}", f"产品 {number}", category, rng.randint(100, 99_999)


def papers(kind, numbers, count, customers, rng):
    """(number, day, due, customer, [(product, price)], paid) of these of the `count` documents of a
    kind: ever more over the years, a third of them with a twentieth of the customers, and one
    customer with a hundredth."""
    last, begin = today(), today() - dt.timedelta(days=365 * YEARS)
    for number in numbers:
        day = begin + dt.timedelta(days=int(365 * YEARS * (number / count) ** 0.5) - 10)
        chance = rng.random()
        many = 1 if chance < 0.01 else customers // 20 + 1 if chance < 0.33 else customers
        customer = int(rng.random() * many)
        lines = [
            (int(rng.random() * PRODUCTS), 100 + int(rng.random() * 99_900))
            for _ in range(rng.choice((1, 1, 1, 2, 3)))
        ]
        due = day + dt.timedelta(days=30)
        late = rng.random() < 0.02 or due > last - dt.timedelta(days=30)
        yield f"{kind[:1].upper()}{number:07}", day, due, customer, lines, not late


def document_rows(kind, made):
    """The same as lines of a file."""
    for number, day, due, customer, lines, paid in made:
        total = sum(price * 100 + half_up(price * 13, 1) for _, price in lines)
        settled = kind == "invoice" and paid
        payment = f"{min(due, today())}|{total / 100:.2f}|" if settled else ""
        for product, price in lines:
            head = number, day, due, code_of(customer), seller_of(customer)
            category = CATEGORIES[product % len(CATEGORIES)]
            names = f"S{product}", f"产品 {product}", category
            yield (*head, *names, 1, price, "13%", payment)


def imported(by, target, rows, **options):
    """Import the rows as a file that a person uploads."""
    file = started(by, target, rows, **options)
    Import.run_waiting()
    assert Import.get_by_id(file.id).state == "done"


def started(by, target, rows, **options):
    """The import of these rows, checked without a fault and waiting to be written."""
    lines = [HEADS[target], *(",".join(map(str, row)) for row in rows)]
    file = Import.upload(by, target, f"{target}.csv", "\n".join(lines).encode())
    file.check(by, file.mapping, options)
    Import.run_waiting()
    file = Import.get_by_id(file.id)
    assert file.clean, (file.state, file.error, file.findings)
    file.start(by)
    return file


def write(people, kind, made, bar):
    """Import these documents. The first ones stand in the file; to those that were read the others
    are added as if they were, and all are written as any import is."""
    file = started(people["admin"], "documents", document_rows(kind, made[:READ]), kind=kind)
    assert publishing.begin(file.id)
    since, plan = publishing.newest_event(), file.plan().compute()
    heads, lines = list(plan.heads), list(plan.lines)
    assert len(heads) == len(made[:READ]), plan.findings()
    add(plan, people, kind, made[READ:], heads, lines)
    plan.heads, plan.lines = heads, lines
    before = Document.select().count()
    writer = Writer(file, len(heads), lambda part: bar.show(before + int(len(made) * part * 0.7)))
    written_documents.write(plan, writer)
    publishing.prepare(file, writer.portions, lambda phase, part: None)
    publishing.publish(file, plan.findings(), writer.settled, since)
    bar.show(before + len(made))


def add(plan, people, kind, made, heads, lines):
    """Add to the heads and lines that the plan has read."""
    read, line = heads[0].data, lines[0][0]
    owners = {name: person.id for name, person in people.items()}
    customers = {c.code: c.id for c in Customer.select(Customer.code, Customer.id)}
    codes = [code_of(n) for n in range(len(customers))]
    for number, day, due, customer, parts, paid in made:
        mine = []
        for product, price in parts:
            net, tax = price * 100, half_up(price * 13, 1)
            mine.append(
                {**line, "code": f"S{product}", "name": f"产品 {product}", "price": price * 10_000}
                | {"net": net, "tax": tax, "gross": net + tax}
            )
        total = sum(x["gross"] for x in mine)
        data = {**read, "date": day, "owner": owners[seller_of(customer)]}
        if kind == "invoice":
            data |= {"due_on": due, "terms_days": (due - day).days}
        payments = [(total, min(due, today()), "")] if kind == "invoice" and paid else []
        ident = customers[codes[customer]]
        heads.append(Head(kind, number, ident, data, len(mine), total, payments))
        lines.append(mine)
        plan.customers_named[ident] = None


def trade(people, customers, rng, count):
    """The last weeks by the portal's own verbs: invoices in every state, some paid."""
    for number in range(count):
        customer = Customer.get(Customer.code == code_of(rng.randrange(customers)))
        seller = people[customer.owner.name]
        lines = [
            {"name": f"产品 {number}", "quantity": 10_000, "price": rng.randint(1, 90) * 10_000}
        ]
        document = Document.draft(seller, "invoice", customer, lines)
        if number % 10:
            document.submit(by=seller)
            document.issue(by=seller, seen=document.chosen_date)


class Bar:
    def __init__(self, whole):
        self.whole, self.began, self.cpu = whole, time.monotonic(), time.process_time()
        self.shown = 0

    def show(self, done, end=""):
        seconds = time.monotonic() - self.began
        if not end and seconds - self.shown < 0.3:
            return
        self.shown, width = seconds, 40 * done // max(self.whole, done)
        print(
            f"\r{'█' * width:<40} {done:>9,} documents, {done / seconds:>6,.0f} a second",
            end=end,
            file=sys.stderr,
            flush=True,
        )

    def finish(self, done):
        cpu = time.process_time() - self.cpu
        self.show(done, end=f", {done / cpu:,.0f} a second of processor\n")


if __name__ == "__main__":
    load(Path(sys.argv[2]), int(sys.argv[1]))
