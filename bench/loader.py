"""A real firm of any size: what twenty years left is imported by the portal's own import, and the
last weeks are written by its own verbs.

`python -m bench.loader 100000 FOLDER` leaves it in the folder; `firm_of()` keeps one of each
size."""

import datetime as dt
import random
import shutil
import sys
import time
from pathlib import Path

from app import create_app
from models.core.clock import today
from models.core.database import db
from models.customers import Customer
from models.documents import Document
from models.imports import Import
from models.operations import first_firm
from models.people import Team, User

KEPT = Path(__file__).resolve().parent.parent / ".venv" / "bench"
PASSWORD = "correct horse battery"
YEARS, SELLERS, TEAMS, PRODUCTS = 20, 10, ("华东", "华南"), 300
KINDS = {"invoice": 0.6, "order": 0.25, "quote": 0.15}  # their share of the documents
CATEGORIES = ("茶具", "茶叶", "包装", "礼品", "配件", "设备")
PLACES = ("上海", "杭州", "苏州", "广州", "深圳", "宁波", "青岛", "成都", "武汉", "厦门")
TRADES = ("贸易", "商贸", "科技", "餐饮", "酒店", "百货", "文化", "实业")
NATIVE = 300  # documents of the last weeks, each drafted, submitted and issued
BATCH = 20_000  # documents of one file
HEADS = {
    "customers": "客户编号,客户名称,账期,业务员,标签,联系人,联系人邮箱",
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


def load(folder, documents, **settings):
    """Make the firm in this folder, with a bar."""
    with opened(folder, **settings).app_context():
        bar, rng = Bar(documents), random.Random(1)
        people = hired()
        customers = max(20, documents // 50)
        imported(people["admin"], "customers", customer_rows(customers, rng))
        for kind, share in KINDS.items():
            count = int(documents * share)
            for begin in range(0, count, BATCH):
                part = range(begin, min(begin + BATCH, count))
                rows = document_rows(kind, part, count, customers, rng)
                imported(people["admin"], "documents", rows, kind=kind)
                bar.show(Document.select().count())
        trade(people, customers, rng)
        bar.show(Document.select().count())
        print()
        db.close()


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


def document_rows(kind, numbers, count, customers, rng):
    """The lines of these of the `count` documents of a kind: ever more over the years, a third of
    them with a twentieth of the customers, and one customer with a hundredth."""
    begin = today() - dt.timedelta(days=365 * YEARS)
    for number in numbers:
        day = begin + dt.timedelta(days=int(365 * YEARS * (number / count) ** 0.5) - 10)
        chance = rng.random()
        many = 1 if chance < 0.01 else customers // 20 + 1 if chance < 0.33 else customers
        customer, lines = rng.randrange(many), rng.choice((1, 1, 1, 2, 3))
        prices = [rng.randint(100, 99_999) for _ in range(lines)]
        total = f"{sum(prices) * 1.13:.2f}"
        due = day + dt.timedelta(days=30)
        late = rng.random() < 0.02 or due > today() - dt.timedelta(days=30)
        paid = f"{min(due, today())}|{total}|" if kind == "invoice" and not late else ""
        head = f"{kind[:1].upper()}{number:07}", day, due, code_of(customer), seller_of(customer)
        for price in prices:
            product = rng.randrange(PRODUCTS)
            category = CATEGORIES[product % len(CATEGORIES)]
            yield (*head, f"S{product}", f"产品 {product}", category, 1, price, "13%", paid)


def imported(by, target, rows, **options):
    """Import the rows as a file that a person uploads."""
    lines = [HEADS[target], *(",".join(map(str, row)) for row in rows)]
    file = Import.upload(by, target, f"{target}.csv", "\n".join(lines).encode())
    file.check(by, file.mapping, options)
    Import.run_waiting()
    file = Import.get_by_id(file.id)
    assert file.clean, (file.state, file.error, file.findings)
    file.start(by)
    Import.run_waiting()
    assert Import.get_by_id(file.id).state == "done"


def trade(people, customers, rng):
    """The last weeks by the portal's own verbs: invoices in every state, some paid."""
    for number in range(NATIVE):
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
        self.whole, self.began = whole, time.monotonic()

    def show(self, done):
        seconds = time.monotonic() - self.began
        width = 40 * done // max(self.whole, done)
        print(
            f"\r{'█' * width:<40} {done:>9,} documents, {done / seconds:,.0f} a second",
            end="",
            flush=True,
        )


if __name__ == "__main__":
    load(Path(sys.argv[2]), int(sys.argv[1]))
