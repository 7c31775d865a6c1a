"""The demo: a firm to try things out, with a year of trade made by the verbs that people use."""

import datetime as dt
import random

from models import dunning
from models.adapters.printing import pool
from models.approvals import ApprovalRequest, Comment, Delegation, Task
from models.approvals.ready import install_ready_flows
from models.company import Company
from models.core.clock import at, now, today
from models.core.database import db
from models.core.errors import refuse
from models.core.money import parse_scaled
from models.customers import Customer
from models.documents import Document
from models.operations.backup import Place, snapshot
from models.operations.demo import history, house, look, money
from models.operations.demo.archive import fill_archive
from models.operations.demo.catalog import (
    CUSTOMERS,
    FIRM,
    PASSWORD,
    PRODUCTS,
    PROFILE,
    STAFF,
    WEIGHTS,
)
from models.operations.demo.claims import add_claims
from models.operations.demo.trade import draft, enter_customer, leave_unfinished, sell
from models.operations.first_firm import begin
from models.people import Team, User
from models.printed import print_waiting
from models.products import Product, TaxRate

# how many days ago something was sold: business grows
DAYS = (*range(360, 240, -12), *range(240, 90, -6), *range(90, 0, -4))


def make(tick=lambda part: None):
    """Found the demo firm unless there is a firm; returns whether it did. `tick` is called with the
    progress, 0 to 1."""
    if Company.current():
        return False
    begin(
        FIRM,
        "zh",
        "CNY",
        "管理员 Ada",
        "admin@demo.test",
        PASSWORD,
        fill=lambda admin: fill(admin, tick),
    )
    return True


def fill(admin, tick=lambda part: None):
    """Fill the new firm with a year of trade; returns what prints and files it after the commit.
    Refused where it already works."""
    if Customer.select().exists():
        refuse("already_set_up")
    rng = random.Random(2026)
    started_at = now()
    pool.warm()
    tick(0)
    with db.atomic():
        firm = Company.current()
        # all accounts at once: only the first ones wait for nobody
        settings, profile = money.BANK_ACCOUNTS, {**PROFILE, **look.pictures()}
        firm.revise(admin, settings, legal_name=firm.name, **profile)
        people = {
            mail: User.enter(
                admin,
                name=name,
                email=f"{mail}@demo.test",
                roles=roles,
                language="en" if mail in ("sophie",) else "zh",
                password=PASSWORD,
                team=Team.get_or_enter(admin, team) if team else None,
            )
            for name, mail, roles, team in STAFF
        }
        tax = TaxRate.get(TaxRate.rate == 1300)
        zero = TaxRate.get(TaxRate.kind == "zero")
        products = [
            Product.enter(
                people["wang"],
                code=c,
                name=name,
                name_en=name_en,
                unit=unit,
                unit_en=unit_en,
                price=parse_scaled(p, 4),
                category=k,
                tax=tax,
            )
            for c, name, name_en, unit, unit_en, p, k in PRODUCTS
        ]
        customers = [enter_customer(i, row, people) for i, row in enumerate(CUSTOMERS, 1)]
        history.add_history(admin, people["wang"], customers, products, tax, zero)
        for day in DAYS:
            tick(0.05 + 0.5 * DAYS.index(day) / len(DAYS))
            with at(started_at - dt.timedelta(days=day, minutes=rng.randint(0, 400))):
                customer = rng.choices(customers, WEIGHTS)[0]
                sell(rng, customer, products, tax, zero, people, day)
        for customer in customers[:3]:
            draft(rng, customer, products, tax, zero, people, "invoice")
        draft(rng, customers[0], products, tax, zero, people, "order", big=True).submit(
            by=people["li"]
        )
        leave_unfinished(rng, customers, products, tax, zero, people)
        add_claims(customers, people, admin)
        _approvals(admin, rng, customers, products, tax, zero, people)
        _backups(admin)
        money.fill(admin, people, customers)
    tick(0.6)
    return lambda: _print_and_file(people, customers, admin, tick)


def _print_and_file(people, customers, admin, tick):
    money.take_in_files(people["fang"], customers)
    dunning.run_due()
    print_waiting()
    tick(0.85)
    fill_archive(people, customers)
    tick(0.95)
    with db.atomic():
        house.fill(people, customers, admin, PASSWORD)
    tick(1)


def _backups(admin):
    """A place in the data folder; the worker fills it as soon as the demo is served."""
    Place.add(
        admin, "本机备份", "folder", {"path": str(snapshot.folder() / "backups")}, "", "hourly"
    )


def _approvals(admin, rng, customers, products, tax, zero, people):
    """Flows of a firm of twenty, and documents in approval: below list price, returned once and
    changed, late, with someone standing in."""
    li, wang, fang, sophie = (people[name] for name in ("li", "wang", "fang", "sophie"))
    for person, superior in ((li, wang), (people["chen"], sophie), (wang, admin), (sophie, admin)):
        person.revise(admin, superior=superior)
    for i, product in enumerate(products):
        product.revise(fang, cost=product.price * (62 + i % 4 * 8) // 100)
    install_ready_flows(admin, "20")
    discounted = draft(rng, customers[1], products, tax, zero, people, "quote", big=True)
    discounted.revise(li, discounted.version, discount=1800, internal_note="老客户，争取续签")
    discounted.submit(by=li)
    request = ApprovalRequest.current(discounted)
    Comment.write(li, request, "客户要与去年同价，请王经理看看。")
    returned_once = draft(rng, customers[2], products, tax, zero, people, "order", big=True)
    returned_once.submit(by=li)
    first = ApprovalRequest.current(returned_once).tasks.where(Task.state == "open").first()
    first.approve(by=first.user, note="数量与合同一致")
    second = ApprovalRequest.current(returned_once).tasks.where(Task.state == "open").first()
    if second:
        second.return_to(by=second.user, step=0, note="账期改回 30 天")
    returned_once = Document.get_by_id(returned_once.id)
    returned_once.revise(li, returned_once.version, terms_days=30, discount=300)
    Document.get_by_id(returned_once.id).submit(by=li)
    with at(now() - dt.timedelta(days=6)):
        late = draft(rng, customers[5], products, tax, zero, people, "order", big=True)
        late.submit(by=li)
    Delegation.arrange(
        admin,
        sophie,
        wang,
        today() + dt.timedelta(days=3),
        today() + dt.timedelta(days=10),
        kinds=["quote", "order"],
    )
