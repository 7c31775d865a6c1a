"""Some years of trade as plain rows, put into the books as they are."""

import datetime as dt
import random
from decimal import ROUND_HALF_UP, Decimal
from types import SimpleNamespace as Row

from models.core.clock import now
from models.customers import Customer
from models.documents import Document, Line, sales
from models.insights import Target
from models.payments import Allocation, Payment
from models.products import Product
from models.receivables import paid_part

SIGN = {"invoice": 1, "credit_note": -1}


def half_up(a, b):
    return (
        int((Decimal(a) / Decimal(b)).quantize(Decimal(1), rounding=ROUND_HALF_UP)) if b else None
    )


def trade(firm, papers=160):
    """Papers of three years with discounts, costs, credit notes, two currencies, late and early
    payers, quotes and what came of them."""
    dice, made = random.Random(11), []
    buyers = [
        Customer.enter(firm.li if i % 2 else firm.chen, name=f"客户{i}", code=f"K{i}")
        for i in range(12)
    ]
    goods = [
        Product.enter(
            firm.li, code=f"G{i}", name=f"货{i}", price=10000, category=("茶", "瓷", "")[i % 3]
        )
        for i in range(7)
    ]
    for n in range(papers):
        day = dt.date(2023, 1, 5) + dt.timedelta(days=n * 1080 // papers)
        who = buyers[
            (n * n + n // 7) % (min(12, 4 + n // 16) if n % 3 else 3)
        ]  # newcomers each year, and some who never come again
        kind = "credit_note" if n % 11 == 10 else "quote" if n % 13 == 12 else "invoice"
        lines = [_line(dice, dice.choice([*goods, None])) for _ in range(1 + n % 3)]
        made.append(
            Row(
                kind=kind,
                state="archived" if n % 5 == 0 else "issued",
                day=day,
                customer=who.id,
                owner=who.owner_id if n % 17 else None,
                currency="EUR" if n % 9 == 8 else "CNY",
                lines=lines,
                due=day + dt.timedelta(days=30),
                paid=[],
                ordered=None,
            )
        )
        if kind == "invoice" and n % 4:
            made[-1].paid = [
                (day + dt.timedelta(days=dice.randint(3, 70)), net_of(made[-1]) // 2),
                (day + dt.timedelta(days=dice.randint(3, 90)), net_of(made[-1]) // 3),
            ]
        if kind == "quote" and n % 2:
            made[-1].ordered = day + dt.timedelta(days=dice.randint(1, 20))
    _keep(made)
    for month, person in (
        (dt.date(2025, 3, 1), firm.li),
        (dt.date(2025, 7, 1), firm.li),
        (dt.date(2024, 7, 1), firm.li),
        (dt.date(2025, 7, 1), firm.chen),
    ):
        Target.define(firm.ada, person, month, "CNY", 1234567)
    return made


def one_sale(firm):
    """One paper by the ordinary verbs, and the row it should be."""
    from models.core.clock import at

    with at(dt.datetime(2025, 5, 6, 4)):
        paper = firm.issued(price="1234.5")
    line = Row(product=0, category="", quantity=10000, gross=123450, net=123450, cost=None)
    line.taxed, line.tax = ("taxed", 1300), half_up(123450 * 13, 100)
    return [
        Row(
            kind="invoice",
            state="issued",
            day=paper.issued_on,
            customer=firm.a.id,
            owner=firm.li.id,
            currency="CNY",
            lines=[line],
            due=paper.due_on,
            paid=[],
            ordered=None,
        )
    ]


def _line(dice, product):
    pieces, price, off = (
        dice.randint(1, 9),
        dice.randint(100, 99999),
        dice.choice([0, 0, 500, 1234]),
    )
    cost = dice.choice([None, price * 60])
    kind, rate = (("taxed", 1300), ("taxed", 600), ("exempt", 0))[pieces % 3]
    return Row(
        product=product.id if product else 0,
        category=product.category if product else "",
        pieces=pieces,
        quantity=pieces * 10000,
        price=price * 100,
        off=off,
        gross=pieces * price,
        net=half_up(pieces * price * (10000 - off), 10000),
        cost=None if cost is None else half_up(pieces * cost, 100),
        unit_cost=cost,
        taxed=(kind, rate),
        tax=half_up(pieces * price * rate, 10000),
    )


def net_of(paper):
    return sum(line.net for line in paper.lines)


def _keep(made):
    for n, p in enumerate(made):
        paper = Document.create(
            kind=p.kind,
            state=p.state,
            number=f"T-{n}",
            customer=p.customer,
            owner=p.owner,
            currency=p.currency,
            language="zh",
            date=p.day,
            issued_on=p.day,
            due_on=p.due,
            net=net_of(p),
            tax=sum(line.tax for line in p.lines),
            total=net_of(p),
            imported=True,
        )
        for i, x in enumerate(p.lines, 1):
            Line.create(
                document=paper,
                position=i,
                product=x.product or None,
                name="x",
                quantity=x.quantity,
                price=x.price,
                discount=x.off,
                net=x.net,
                gross=x.net,
                tax_kind=x.taxed[0],
                rate=x.taxed[1],
                tax=x.tax,
                cost=x.unit_cost,
            )
        for i, (day, amount) in enumerate(p.paid):
            payment = Payment.create(
                number=f"RC-{n}-{i}",
                customer=p.customer,
                currency=p.currency,
                amount=amount,
                received_on=day,
                created_at=now(),
            )
            Allocation.create(payment=payment, invoice=paper, amount=amount)
        if p.ordered:
            Document.create(
                kind="order",
                state="archived",
                number=f"O-{n}",
                customer=p.customer,
                owner=p.owner,
                currency=p.currency,
                language="zh",
                date=p.ordered,
                issued_on=p.ordered,
                net=0,
                total=0,
                source=paper,
                imported=True,
            )
    sales.rebuild()
    paid_part.rebuild()
