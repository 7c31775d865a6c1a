"""One customer at a glance: what they owe and how old it is, what they bought, what happened."""

import datetime as dt
import functools
from collections import namedtuple

import peewee as pw
from peewee import JOIN, fn

from models.adapters.outbox import Mail
from models.care import FollowUp, Greeting
from models.core.clock import local, today
from models.core.journal import Event
from models.customers import Address, Contact, Customer, Note
from models.documents import Document, Message
from models.people import User
from models.receivables.balance import open_items
from models.receivables.due_item import DueItem

Owed = namedtuple("Owed", "currency open overdue credit buckets invoices")
Happened = namedtuple(
    "Happened", "at what name text thing amount currency day event", defaults=(False, None)
)
BUCKETS = (0, 30, 60, 90)
LATEST = 25
# Where an event of a customer names other ones.
OTHERS = {
    ("Customer", "merged"): "into",
    ("Customer", "took_in"): "name",
    ("Customer", "separated"): "name",
    ("Customer", "kept_apart"): "names",
}


def still_open(customer):
    """The customer's open invoices, with the few columns that ageing needs."""
    columns = (Document.id, Document.currency, Document.due_on)
    theirs = DueItem.customer.in_(customer.group)  # by the index of what is open
    return list(open_items(only=theirs, columns=columns))


def owed(customer, balances, invoices):
    """[Owed] by currency, from the customer's balances and still_open() invoices. `buckets`: open
    amounts by days late: not due, 1–30, 31–60, 61–90, more; `credit`: money not yet allocated;
    `invoices`: how many are open."""
    rows = {
        currency: [0, 0, row["credit"], [0] * 5, 0]
        for (_c, currency), row in balances.items()
        if row["open"] or row["credit"]
    }
    for invoice in invoices:
        row, late = (
            rows[invoice.currency],
            max(0, (today() - invoice.due_on).days) if invoice.due_on else 0,
        )
        row[0] += invoice.left
        row[1] += invoice.left if late else 0
        row[3][sum(late > b for b in BUCKETS)] += invoice.left
        row[4] += 1
    return [
        Owed(c, *row)
        for c, row in sorted(rows.items(), key=lambda x: (x[0] != customer.currency, x[0]))
    ]


def greetings(customer, most=8):
    """The newest greetings sent to the customer's contacts, as a query."""
    return (
        Greeting.select(Greeting, Contact)
        .join(Contact)
        .where(Contact.customer.in_(customer.group), Greeting.sent_at.is_null(False))
        .order_by(Greeting.id.desc())
        .limit(most)
    )


def messages(customer, most=LATEST):
    """The newest messages on the customer's documents, as a query."""
    return (
        Message.select(Message, Document)
        .join(Document)
        .where(Document.customer.in_(customer.group))
        .order_by(Message.id.desc())
        .limit(most)
    )


def last_contact(customer, contacts):
    """(day, what) of the newest mail to a contact, message, note or follow-up that was done; None
    where there was none. In one query."""
    group, ids = customer.group, [c.id for c in contacts] or [0]
    done = FollowUp.customer.in_(group) & (FollowUp.state == "done")
    rows = [
        _newest("mail", Mail.sent_at).where(Mail.contact.in_(ids)),
        _newest("message", Message.at).join(Document).where(Document.customer.in_(group)),
        _newest("note", Note.at).where(Note.customer.in_(group)),
        _newest("follow_up", FollowUp.closed_on).where(done),
    ]
    found = functools.reduce(pw.Select.union_all, rows)
    return max(((_day(at), what) for what, at in found.tuples() if at), default=None)


def _newest(what, column):
    return column.model.select(pw.SQL(f"'{what}'"), fn.MAX(column).cast("TEXT"))


def _day(text):
    """The firm's day of a moment or a day that was read as text."""
    if len(text) == 10:
        return dt.date.fromisoformat(text)
    return local(dt.datetime.fromisoformat(text)).date()


def owned(query):
    """The query joined with the owners, which saves a query per row."""
    model = query.model
    return query.select(model, User).join(User, JOIN.LEFT_OUTER, on=(model.owner == User.id))


def timeline(person, customer, contacts, payments, notes, messages, most=LATEST):
    """[Happened], the newest first: documents, mails, follow-ups, changes of the customer with its
    contacts and addresses, and the payments, notes and messages that the page has read already."""
    rows = [
        *_documents(person, customer, most),
        *map(_message, messages),
        *map(_payment, payments),
        *map(_note, notes),
        *_mails(contacts, most),
        *_follow_ups(customer, most),
        *_changes(person, customer, contacts, most),
    ]
    return sorted(rows, key=lambda h: h.at, reverse=True)[:most]


def _documents(person, customer, most):
    documents = (
        person.sees.of_group(customer.group)
        .documents()
        .where(Document.customer.in_(customer.group), Document.issued_on.is_null(False))
    )
    rows = owned(documents).order_by(Document.issued_on.desc(), Document.id.desc()).limit(most)
    for d in rows:
        name = d.owner.name if d.owner else ""
        yield Happened(_noon(d.issued_on), d.kind, name, d.number, d, d.total, d.currency, True)


def _message(m):
    return Happened(m.at, "message", m.author, m.text[:200], m.document, None, "")


def _note(n):
    return Happened(n.at, "note", n.author, n.text[:200], None, None, "")


def _payment(p):
    what = "payment" if p.state == "confirmed" else p.state
    return Happened(_noon(p.received_on), what, "", p.name, None, p.amount, p.currency, True)


def _mails(contacts, most):
    names = {c.id: c.name for c in contacts}
    mails = Mail.select().where(Mail.contact.in_(list(names) or [0]))
    for m in mails.order_by(Mail.id.desc()).limit(most):
        at, name = m.sent_at or m.queued_at, names[m.contact]
        yield Happened(at, f"mail_{m.template}", name, m.recipient, None, None, "")


def _follow_ups(customer, most):
    for f in (
        owned(FollowUp.select().where(FollowUp.customer.in_(customer.group)))
        .order_by(FollowUp.id.desc())
        .limit(most)
    ):
        at, what = _noon(f.closed_on or f.due_on), f"follow_up_{f.state}"
        yield Happened(at, what, f.owner.name, f.what, None, None, "", True)


def _changes(person, customer, contacts, most):
    """Sorted by an expression: by the id itself the database would look through all events of the
    firm."""
    names = {contact.id: contact.name for contact in contacts}
    addresses = Address.select(Address.id).where(Address.customer.in_(customer.group))
    of_contacts = (Event.subject_type == "Contact") & Event.subject_id.in_(list(names) or [0])
    of_addresses = (Event.subject_type == "Address") & Event.subject_id.in_(addresses)
    events = Event.of(customer).orwhere(of_contacts | of_addresses)
    for e in events.order_by((Event.id + 0).desc()).limit(most):
        e.facts = _without_strangers(person, e)
        name = names[e.subject_id] if e.subject_type == "Contact" else ""
        yield Happened(e.at, "changed", e.actor_name, name, None, None, "", event=e)


def _without_strangers(person, event):
    """What the event tells, without the names of other customers that the person does not see."""
    told = event.facts.get(OTHERS.get((event.subject_type, event.action)), ())
    others = set([told] if isinstance(told, str) else told)
    if not others or person.sees_all:
        return event.facts
    seen = person.sees.customers_and_merged().where(Customer.name.in_(others))
    strangers = others - {row.name for row in seen}
    return {} if strangers else event.facts


def _noon(day):
    return dt.datetime.combine(day, dt.time(12))
