"""Who would get a letter now, about what; who would not, and why."""

import datetime as dt
from dataclasses import dataclass, field

from peewee import fn

from models.core.clock import today
from models.customers import Contact, Customer
from models.documents import Document
from models.dunning.held import why_held
from models.dunning.hold import Hold
from models.dunning.level import ReminderLevel
from models.dunning.reminder import Reminded, Reminder
from models.payments import Allocation

MOST_AT_ONCE = 2000


@dataclass
class Item:
    """One open invoice: what is open, what of it is held and why, its level, and whether that level
    is new to it."""

    invoice: Document
    level: ReminderLevel
    open: int
    why: dict
    fresh: bool
    days_late: int

    @property
    def held(self):
        return min(self.open, sum(self.why.values()))

    @property
    def asked(self):
        return self.open - self.held


@dataclass
class Plan:
    """The letter to one customer in one currency, or why there is none: on_hold, held, had_today,
    had_level."""

    customer: Customer
    currency: str
    items: list
    skipped: str = ""
    hold: Hold = None
    next_on: dt.date = None
    contacts: list = field(default_factory=list)

    @property
    def level(self):
        """The highest level that is new to one of its invoices."""
        return max(
            (i.level for i in self.items if i.fresh), key=lambda level: level.days, default=None
        )

    @property
    def claimed(self):
        """The invoices that stand in the letter: all of which something is asked."""
        return [i for i in self.items if i.asked > 0]

    @property
    def total(self):
        return sum(i.asked for i in self.items)

    @property
    def interest(self):
        return (
            sum(self.level.interest_on(i.asked, i.days_late) for i in self.claimed)
            if self.level
            else 0
        )


def preview(customer_id=None, currency=None, customers=None):
    """[Plan] for every customer and currency with invoices that reach a level today, by name; the
    same that is sent."""
    ladder = ReminderLevel.ladder()
    if not ladder:
        return []
    groups = {}
    for invoice in _open(ladder[0].days, customer_id, currency, customers):
        groups.setdefault((invoice.customer_id, invoice.currency), []).append(
            (invoice, invoice.total - int(invoice.settled_sum))
        )
    plans = [plan for part in _parts(groups) for plan in _plans(part, ladder)]
    return sorted(plans, key=lambda p: (p.customer.name, p.currency))


def due():
    """{(customer id, currency): [(invoice, level)]} of what would be sent now."""
    return {
        (p.customer.id, p.currency): [(i.invoice, i.level) for i in p.claimed]
        for p in preview()
        if not p.skipped
    }


def _open(first, customer_id, currency, customers):
    """The invoices that reach the first level today or before and are not settled, with `settled`;
    narrow, as snapshots are long."""
    settled = fn.COALESCE(
        Allocation.standing()
        .select(fn.SUM(Allocation.amount))
        .where(Allocation.invoice == Document.id),
        0,
    )
    columns = [
        getattr(Document, name)
        for name in (
            "id",
            "kind",
            "state",
            "number",
            "customer",
            "currency",
            "issued_on",
            "due_on",
            "total",
        )
    ]
    query = (
        Document.standing()
        .select(*columns, settled.alias("settled_sum"))
        .where(
            Document.kind == "invoice",
            Document.due_on <= today() - dt.timedelta(days=first),
            settled < Document.total,
        )
    )
    query = query.where(Document.customer == customer_id) if customer_id else query
    query = query.where(Document.currency == currency) if currency else query
    query = query.where(Document.customer.in_(customers)) if customers is not None else query
    return query.order_by(Document.due_on, Document.id)


def _parts(groups):
    """The groups in parts of some thousand invoices: a database takes only so many values in one
    question."""
    part, size = {}, 0
    for key, pairs in groups.items():
        part[key], size = pairs, size + len(pairs)
        if size >= MOST_AT_ONCE:
            yield part
            part, size = {}, 0
    yield part


def _plans(groups, ladder):
    every = [pair for pairs in groups.values() for pair in pairs]
    why, had = why_held({i.id: open_ for i, open_ in every}), _had([i.id for i, _ in every])
    ids = sorted({key[0] for key in groups})
    holds, today_ = Hold.of_customers(ids), _today(ids)
    people = {c.id: c for c in Customer.select().where(Customer.id.in_(ids))}
    contacts = {}
    for c in (
        Contact.select()
        .where(Contact.customer.in_(ids), Contact.active, Contact.sees_company, Contact.email != "")
        .order_by(Contact.id)
    ):
        contacts.setdefault(c.customer_id, []).append(c)
    return [
        _plan(
            people[key[0]],
            key[1],
            [_item(i, o, ladder, why[i.id], had.get(i.id, [])) for i, o in pairs],
            ladder,
            holds.get(key[0]),
            key in today_,
            contacts.get(key[0], []),
        )
        for key, pairs in groups.items()
    ]


def _had(ids):
    """{invoice id: [(days, level id)]} of the levels the invoices have had."""
    found = {}
    for row in Reminded.select().where(Reminded.invoice.in_(ids)):
        found.setdefault(row.invoice_id, []).append((row.days, row.level_id))
    return found


def _today(ids):
    rows = Reminder.select(Reminder.customer, Reminder.currency).where(
        Reminder.customer.in_(ids), Reminder.day == today()
    )
    return {(row.customer_id, row.currency) for row in rows}


def _item(invoice, open_, ladder, why, had):
    late = (today() - invoice.due_on).days
    level = [x for x in ladder if late >= x.days][-1]
    fresh = not any(days >= level.days or ident == level.id for days, ident in had)
    item = Item(invoice, level, open_, why, fresh, max(0, late))
    item.fresh = fresh and item.asked > 0
    return item


def _plan(customer, currency, items, ladder, hold, had_today, contacts):
    plan = Plan(customer, currency, items, hold=hold, contacts=contacts)
    if hold:
        plan.skipped = "on_hold"
    elif not plan.claimed:
        plan.skipped = "held"
    elif had_today:
        plan.skipped = "had_today"
    elif not plan.level:
        plan.skipped = "had_level"
        steps = [
            i.invoice.due_on + dt.timedelta(days=x.days)
            for i in plan.claimed
            for x in ladder
            if x.days > i.level.days
        ]
        plan.next_on = min((d for d in steps if d > today()), default=None)
    return plan
