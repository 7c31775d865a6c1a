"""Quotes, orders and invoices of the demo firm, made by the verbs that people use."""

import datetime as dt

from models.approvals import ApprovalRequest, Task
from models.core.clock import at, now, today
from models.customers import Customer
from models.documents import Document, Message
from models.operations.demo.catalog import PASSWORD
from models.payments import Payment


def leave_unfinished(rng, customers, products, tax, zero, people):
    """Documents in every state of a working day: quoted, expired, returned, approved, confirmed,
    partly delivered, partly paid."""
    li, chen, anna = people["li"], people["chen"], customers[0].contacts.get()
    with at(now() - dt.timedelta(days=20)):
        old = draft(rng, customers[1], products, tax, zero, people, "quote")
        old.revise(li, old.version, valid_until=today() + dt.timedelta(days=17))
        finish(old, li)
    quote = finish(draft(rng, customers[6], products, tax, zero, people, "quote"), chen)
    returned = draft(rng, customers[3], products, tax, zero, people, "invoice", big=True)
    returned.submit(by=li)
    task = ApprovalRequest.current(returned).tasks.where(Task.state == "open").first()
    task.reject(by=task.user, note="折扣太低，请按合同价")
    approve(draft(rng, customers[4], products, tax, zero, people, "invoice"), li)
    order = finish(draft(rng, customers[0], products, tax, zero, people, "order"), li)
    order.confirm(anna, anna.name, "203.0.113.7")
    part = order.convert(li, "delivery_note")
    lines = part.ordered_lines()
    for line in lines:
        line.quantity = max(10000, line.quantity // 20000 * 10000)
    part.revise(li, part.version, lines)
    finish(part, li)
    invoice = finish(order.convert(li, "invoice"), li)
    Payment.receive(
        people["fang"],
        customers[0],
        invoice.currency,
        invoice.total // 3,
        allocations=[(invoice, invoice.total // 3)],
    )
    Message.write(anna, invoice, "请问可以下周三送货吗？")
    Message.write(li, invoice, "可以，上午送到。")
    for document in (invoice, quote):
        document.send(document.owner, document.possible_receivers(), key="demo")


def enter_customer(i, row, people):
    seller = people["li"] if row.language == "zh" else people["chen"]
    customer = Customer.enter(
        seller,
        code=f"C{i:03}",
        name=row.name,
        language=row.language,
        currency=row.currency,
        tax_id=row.tax_id,
        phone=row.phone,
        terms_days=30 if i % 3 else 60,
    )
    customer.add_address(seller, "billing", row.address)
    for n, (name, position) in enumerate(row.contacts):
        email = f"buyer{i}@demo.test" if n == 0 else f"accounts{i}@demo.test"
        person = customer.add_contact(
            seller, name=name, position=position, email=email, language=row.language
        )
        if i in (1, 7) and n == 0:
            person.set_password(PASSWORD, person)
    return customer


def draft(rng, customer, products, tax, zero, people, kind, big=False):
    rate = tax if customer.currency == "CNY" else zero
    seller = people["li"] if customer.language == "zh" else people["chen"]
    lines = [
        {
            "product": p.id,
            "code": p.code,
            **p.in_language(customer.language),
            **rate.on_line(customer.language),
            "price": p.price,
            "quantity": rng.randint(1, 12) * (20 if big else rng.choice((1, 2, 5))) * 10000,
        }
        for p in rng.sample(products, rng.randint(2, 4))
    ]
    return Document.draft(seller, kind, customer, lines)


def finish(document, by):
    document = approve(document, by)
    document.issue(by=by)
    return Document.get_by_id(document.id)


def approve(document, by):
    document.submit(by=by)
    while (request := ApprovalRequest.current(document)).state == "open":
        task = request.tasks.where(Task.state == "open").first()
        task.approve(by=task.user)
    return Document.get_by_id(document.id)


def sell(rng, customer, products, tax, zero, people, day):
    seller = people["li"] if customer.language == "zh" else people["chen"]
    order = finish(draft(rng, customer, products, tax, zero, people, "order"), seller)
    if rng.random() < 0.4:
        finish(order.convert(seller, "delivery_note"), seller)
    invoice = finish(order.convert(seller, "invoice"), seller)
    outcome = rng.random()
    if outcome < 0.06:
        invoice.void(people["fang"], "开票信息有误")
    elif outcome < 0.14:
        finish(invoice.convert(seller, "credit_note"), seller)
    elif day > 45 and outcome < 0.85:
        with at(now() + dt.timedelta(days=rng.randint(5, 40))):
            part = invoice.total if outcome < 0.75 else invoice.total // 2
            Payment.receive(
                people["fang"], customer, invoice.currency, part, allocations=[(invoice, part)]
            )
