"""Which reminders would be sent now; for the other customers, why not."""

import datetime as dt
from dataclasses import dataclass, field

from peewee import fn

from models.core.clock import today
from models.customers import Contact, Customer
from models.documents import Document
from models.dunning.hold import Hold
from models.dunning.level import ReminderLevel
from models.dunning.on_hold import amounts_on_hold
from models.dunning.reminder import Reminded, Reminder
from models.payments import Allocation

MOST_AT_ONCE = 2000


@dataclass
class Item:
    """One open invoice: the open amount, how much of it is on hold and why, the level it has
    reached. `fresh`: it has not been reminded at that level yet."""

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
    """The reminder to one customer in one currency. `skipped` says why none is sent: on_hold, held,
    had_today, had_level."""

    customer: Customer
    currency: str
    items: list
    skipped: str = ""
    hold: Hold = None
    next_on: dt.date = None
    contacts: list = field(default_factory=list)

    @property
    def level(self):
        """The highest level at which one of the invoices has not been reminded yet."""
        return max(
            (i.level for i in self.items if i.fresh), key=lambda level: level.days, default=None
        )

    @property
    def claimed(self):
        """The invoices listed in the reminder: those with an amount that is not on hold."""
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
    """[Plan] for every customer and currency with invoices that have reached a level, by name.
    Sending uses the same plans."""
    ladder = ReminderLevel.ladder()
    if not ladder:
        return []
    groups = {}
    for invoice in _open_invoices(ladder[0].days, customer_id, currency, customers):
        groups.setdefault((invoice.customer_id, invoice.currency), []).append(
            (invoice, invoice.total - int(invoice.settled_sum))
        )
    plans = [plan for portion in _portions(groups) for plan in _plans(portion, ladder)]
    return sorted(plans, key=lambda p: (p.customer.name, p.currency))


def due():
    """{(customer id, currency): [(invoice, level)]} of what would be sent now."""
    return {
        (p.customer.id, p.currency): [(i.invoice, i.level) for i in p.claimed]
        for p in preview()
        if not p.skipped
    }


def _open_invoices(first, customer_id, currency, customers):
    """The open invoices that have reached the first level, with `settled_sum`. Only a few columns
    are read, as snapshots are long."""
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


def _portions(groups):
    """The groups in portions of some thousand invoices, as a query takes only so many values."""
    portion, size = {}, 0
    for key, pairs in groups.items():
        portion[key], size = pairs, size + len(pairs)
        if size >= MOST_AT_ONCE:
            yield portion
            portion, size = {}, 0
    yield portion


def _plans(groups, ladder):
    invoices = [pair for pairs in groups.values() for pair in pairs]
    why = amounts_on_hold({i.id: open_ for i, open_ in invoices})
    levels_had = _levels_had([i.id for i, _ in invoices])
    ids = sorted({key[0] for key in groups})
    holds, reminded_today = Hold.of_customers(ids), _reminded_today(ids)
    customers_by_id = {c.id: c for c in Customer.select().where(Customer.id.in_(ids))}
    contacts = {}
    for c in (
        Contact.select()
        .where(Contact.customer.in_(ids), Contact.active, Contact.sees_company, Contact.email != "")
        .order_by(Contact.id)
    ):
        contacts.setdefault(c.customer_id, []).append(c)
    return [
        _plan(
            customers_by_id[key[0]],
            key[1],
            [_item(i, o, ladder, why[i.id], levels_had.get(i.id, [])) for i, o in pairs],
            ladder,
            holds.get(key[0]),
            key in reminded_today,
            contacts.get(key[0], []),
        )
        for key, pairs in groups.items()
    ]


def _levels_had(ids):
    """{invoice id: [(days, level id)]} of the levels at which they were reminded."""
    found = {}
    for row in Reminded.select().where(Reminded.invoice.in_(ids)):
        found.setdefault(row.invoice_id, []).append((row.days, row.level_id))
    return found


def _reminded_today(ids):
    rows = Reminder.select(Reminder.customer, Reminder.currency).where(
        Reminder.customer.in_(ids), Reminder.day == today()
    )
    return {(row.customer_id, row.currency) for row in rows}


def _item(invoice, open_, ladder, why, levels_had):
    late = (today() - invoice.due_on).days
    level = [x for x in ladder if late >= x.days][-1]
    fresh = not any(days >= level.days or ident == level.id for days, ident in levels_had)
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
