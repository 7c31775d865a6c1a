"""One customer at a glance: what is owed and how old it is, what was bought, what happened."""

import datetime as dt
from collections import namedtuple

from peewee import fn

from models.adapters.outbox import Mail
from models.care import Greeting
from models.core.clock import today
from models.core.journal import Event
from models.customers import Contact
from models.documents import Document, Message
from models.documents.sales import SalesDay
from models.insights.lens import Lens
from models.payments import Payment
from models.people import User
from models.receivables.balance import balances, open_items

Owed = namedtuple("Owed", "currency open overdue credit buckets invoices")
Happened = namedtuple("Happened", "at what name text thing amount currency day", defaults=(False,))
BUCKETS = (0, 30, 60, 90)
LATEST = 25


def owed(customer):
    """[Owed] by currency. `buckets`: open by days late: not due, 1–30, 31–60, 61–90, more;
    `credit`: money received that settles nothing; `invoices`: how many are open."""
    found = {
        currency: [0, 0, row["credit"], [0] * 5, 0]
        for (_c, currency), row in balances(customers=[customer.id]).items()
        if row["open"] or row["credit"]
    }
    for invoice in open_items(
        only=Document.customer == customer.id, columns=(Document.currency, Document.due_on)
    ):
        row, late = (
            found[invoice.currency],
            max(0, (today() - invoice.due_on).days) if invoice.due_on else 0,
        )
        row[0] += invoice.left
        row[1] += invoice.left if late else 0
        row[3][sum(late > b for b in BUCKETS)] += invoice.left
        row[4] += 1
    return [
        Owed(c, *row)
        for c, row in sorted(found.items(), key=lambda x: (x[0] != customer.currency, x[0]))
    ]


def lens(person, customer, currency=None):
    """The last twelve months of this customer, in the currency they buy most in unless another is
    asked."""
    rows = list(
        SalesDay.select(SalesDay.currency, fn.SUM(SalesDay.papers))
        .where(SalesDay.customer == customer.id, SalesDay.basis == "invoice")
        .group_by(SalesDay.currency)
        .order_by(fn.SUM(SalesDay.papers).desc())
        .tuples()
    )
    held = [c for c, _ in rows] or [customer.currency]
    return Lens.of(
        person, "12m", currency if currency in held else held[0], customer=customer.id
    ), held


def greetings(customer, most=8):
    """The newest greetings that went to the customer's people."""
    return list(
        Greeting.select(Greeting, Contact)
        .join(Contact)
        .where(Contact.customer == customer.id, Greeting.sent_at.is_null(False))
        .order_by(Greeting.id.desc())
        .limit(most)
    )


def owned(query):
    """The rows with their owners, who are read at once and not row by row."""
    rows = list(query)
    people = {
        u.id: u
        for u in User.select().where(
            User.id.in_({row.owner_id for row in rows if row.owner_id} or {0})
        )
    }
    for row in rows:
        row.__rel__["owner"] = people.get(row.owner_id)
    return rows


def counts(person, customer):
    """{kind: number of papers} that the person sees."""
    rows = person.sees.documents().where(Document.customer == customer.id)
    return dict(rows.select(Document.kind, fn.COUNT(Document.id)).group_by(Document.kind).tuples())


def timeline(person, customer, most=LATEST):
    """[Happened], the newest first: papers, money, letters, mails, messages, notes, follow-ups,
    changes."""
    found = []
    papers = person.sees.documents().where(Document.customer == customer.id)
    for d in owned(
        papers.where(Document.issued_on.is_null(False))
        .order_by(Document.issued_on.desc(), Document.id.desc())
        .limit(most)
    ):
        found.append(
            Happened(
                _noon(d.issued_on),
                d.kind,
                d.owner.name if d.owner else "",
                d.number,
                d,
                d.total,
                d.currency,
                True,
            )
        )
    for m in (
        Message.select(Message, Document)
        .join(Document)
        .where(Document.customer == customer.id)
        .order_by(Message.id.desc())
        .limit(most)
    ):
        found.append(Happened(m.at, "message", m.author, m.text[:200], m.document, None, ""))
    for p in (
        person.sees.payments()
        .where(Payment.customer == customer.id)
        .order_by(Payment.received_on.desc())
        .limit(most)
    ):
        found.append(
            Happened(
                _noon(p.received_on),
                "payment" if p.state == "confirmed" else p.state,
                "",
                p.name,
                None,
                p.amount,
                p.currency,
                True,
            )
        )
    for n in customer.notes.order_by(customer.notes.model.id.desc()).limit(most):
        found.append(Happened(n.at, "note", n.author, n.text[:200], None, None, ""))
    contacts = {c.id: c.name for c in customer.contacts}
    for m in (
        Mail.select()
        .where(Mail.contact.in_(list(contacts) or [0]))
        .order_by(Mail.id.desc())
        .limit(most)
    ):
        found.append(
            Happened(
                m.sent_at or m.queued_at,
                f"mail_{m.template}",
                contacts[m.contact],
                m.recipient,
                None,
                None,
                "",
            )
        )
    for f in owned(customer.follow_ups.order_by(customer.follow_ups.model.id.desc()).limit(most)):
        found.append(
            Happened(
                _noon(f.closed_on or f.due_on),
                f"follow_up_{f.state}",
                f.owner.name,
                f.what,
                None,
                None,
                "",
                True,
            )
        )
    for e in Event.of(customer).order_by(Event.id.desc()).limit(most):
        found.append(
            Happened(
                e.at,
                f"event_{e.action}",
                e.actor_name,
                ", ".join(e.facts.get("changed", [])),
                None,
                None,
                "",
            )
        )
    return sorted(found, key=lambda h: h.at, reverse=True)[:most]


def _noon(day):
    return dt.datetime.combine(day, dt.time(12))
