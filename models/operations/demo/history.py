"""The imported sales of the demo firm: two years before its first year with Danju, with seasons, a
customer who left and a price that rose."""

import datetime as dt
import random

from models.core.clock import today
from models.core.database import db
from models.documents import Document
from models.documents.line import amounts
from models.insights import Target
from models.operations.demo.catalog import WEIGHTS
from models.payments import Payment


@db.atomic()
def add_history(admin, wang, customers, products, tax, zero):
    """Some invoices a week, numbered H-0001…; tea is cheaper then, and one customer buys much
    stationery."""
    rng, day, n = random.Random(88), today() - dt.timedelta(days=365 * 3), 0
    for product in products:
        product.revise(wang, cost=product.price * rng.randint(55, 80) // 100)
    while day < today() - dt.timedelta(days=361):
        day += dt.timedelta(
            days=rng.choice((4, 5, 6, 8, 9) if day.month not in (1, 9, 10, 12) else (2, 3, 4))
        )
        customer = customers[3] if n % 7 == 3 else rng.choices(customers, WEIGHTS)[0]
        rate = tax if customer.currency == "CNY" else zero
        chosen = (
            rng.sample(products[6:9], 2)
            if customer == customers[3]
            else rng.sample(products, rng.randint(1, 4))
        )
        n += 1
        lines = [
            _line(p, rng.randint(2, 20), rate, customer, 90 if p.category == "茶" else 100)
            for p in chosen
        ]
        due = day + dt.timedelta(days=customer.terms_days)
        invoice = Document.enter_imported(
            admin,
            "invoice",
            f"H-{n:04}",
            customer,
            lines,
            date=day,
            due_on=due,
            terms_days=customer.terms_days,
            currency=customer.currency,
        )
        Payment.enter_imported(
            admin, invoice, invoice.total, due + dt.timedelta(days=rng.randint(-20, 25))
        )
    for owner in {c.owner for c in customers}:
        for months_ago in range(12):
            month = (today().replace(day=1) - dt.timedelta(days=30 * months_ago)).replace(day=1)
            currency = (
                "CNY"
                if any(c.currency == "CNY" for c in customers if c.owner_id == owner.id)
                else "EUR"
            )
            Target.define(
                admin,
                owner,
                month,
                currency,
                (900000 if currency == "CNY" else 90000) + 10000 * (month.month % 4),
            )


def _line(product, quantity, rate, customer, percent):
    price = product.price * percent // 100
    net, tax, gross = amounts(quantity * 10000, price, 0, rate.rate, 0, customer.currency, False)
    return {
        "product": product.id,
        "code": product.code,
        **product.in_language(customer.language),
        **rate.on_line(customer.language),
        "quantity": quantity * 10000,
        "price": price,
        "net": net,
        "tax": tax,
        "gross": gross,
        "discount": 0,
    }
