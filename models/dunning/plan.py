"""Which reminders would be sent now; for the other customers, why not."""

import datetime as dt
from dataclasses import dataclass, field

import peewee as pw
from peewee import fn

from models.core.clock import today
from models.core.model import without_index
from models.customers import Contact, Customer
from models.documents import Document
from models.dunning.hold import Hold
from models.dunning.level import ReminderLevel
from models.dunning.on_hold import amounts_on_hold, sources_with_rows
from models.dunning.reminder import Reminded, Reminder
from models.receivables.balance import NOT_DESTROYED, NOTHING, balances, open_items
from models.receivables.due_item import DueItem

MOST_AT_ONCE = 2000


@dataclass
class Item:
    """One open invoice: the open amount, how much of it is on hold and why, how much of the rest is
    covered by credit that we hold; the next level, which it reaches on `level_on`; how often it was
    reminded before, and the level after with its day, if the next were sent today."""

    invoice: Document
    open: int
    why: dict
    level: ReminderLevel
    level_on: dt.date
    reminded: int = 0
    following: tuple = ()
    credit: int = 0

    @property
    def days_late(self):
        return max(0, (today() - self.invoice.due_on).days)

    @property
    def held(self):
        return min(self.open, sum(self.why.values()))

    @property
    def asked(self):
        return self.open - self.held - self.credit

    @property
    def fresh(self):
        """Whether it is to be reminded at its level now."""
        return self.level is not None and self.level_on <= today() and self.asked > 0


@dataclass
class Plan:
    """The reminder to one customer in one currency. `skipped` says why none is sent: on_hold, held,
    covered, had_today, had_level, no_address."""

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
    def following(self):
        """(level, day) of what follows first if this stays unpaid; empty after the last level, and
        for a notice before the due date."""
        if not any(i.days_late for i in self.claimed):
            return ()
        steps = [i.following for i in self.items if i.fresh and i.following]
        return min(steps, key=lambda step: step[1], default=())

    @property
    def claimed(self):
        """The invoices listed in the reminder: those with an amount that is neither on hold nor
        covered by credit."""
        return [i for i in self.items if i.asked > 0]

    @property
    def credit(self):
        """The unapplied credit that these invoices use up. Where something is left to ask for, that
        is all the credit there is."""
        return sum(i.credit for i in self.items)

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


def preview(customer_id=None, currency=None, customers=None, afresh=False):
    """[Plan] for every customer and currency with invoices that have reached a level, by name.
    Sending uses the same plans, reckoned `afresh` from the rows."""
    ladder = ReminderLevel.ladder()
    if not ladder:
        return []
    groups, mains = {}, Customer.mains()
    for invoice in _open_invoices(ladder[0].days, customer_id, currency, customers, afresh):
        main = mains.get(invoice.customer_id, invoice.customer_id)
        groups.setdefault((main, invoice.currency), []).append((invoice, invoice.left))
    portions = _portions(groups)
    plans = [plan for portion in portions for plan in _plans(portion, ladder, mains, afresh)]
    return sorted(plans, key=lambda p: (p.customer.name, p.currency))


def reached(customers=None):
    """A query of the customers, by name, of whom preview() has plans: of all, or of those in a
    query of ids."""
    ladder = ReminderLevel.ladder()
    if not ladder:
        return Customer.select().where(Customer.id < 0)
    late = DueItem.is_open() & (DueItem.due_on <= today() - dt.timedelta(days=ladder[0].days))
    member = Customer.alias()
    mains = DueItem.select(fn.COALESCE(member.main, member.id))
    mains = mains.join(member, on=(member.id == DueItem.customer))
    if customers is not None:  # of what is late, which is little; not by each customer
        late &= pw.Expression(without_index(DueItem.customer), pw.OP.IN, customers)
    mains = mains.where(late)
    rows = Customer.select(Customer.id).where(Customer.id.in_(mains))
    return rows.order_by(Customer.name, Customer.id)


def due():
    """{(customer id, currency): [(invoice, level)]} of what would be sent now."""
    return {
        (p.customer.id, p.currency): [(i.invoice, i.level) for i in p.claimed]
        for p in preview()
        if not p.skipped
    }


def _open_invoices(first, customer_id, currency, customers, afresh):
    """The open invoices that have reached the first level, each with its open balance as `left`.
    Only a few columns are read, as snapshots are long."""
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
    row = Document if afresh else DueItem
    only = NOT_DESTROYED & (row.due_on <= today() - dt.timedelta(days=first))
    only = only & row.customer.in_(Customer.group_of(customer_id)) if customer_id else only
    only = only & (row.currency == currency) if currency else only
    only = only & row.customer.in_(customers) if customers is not None else only
    query = open_items(only=only, columns=columns, afresh=afresh)
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


def _plans(groups, ladder, mains, afresh):
    invoices = [pair for pairs in groups.values() for pair in pairs]
    why = amounts_on_hold({i.id: open_ for i, open_ in invoices}, sources_with_rows())
    reminded = _reminded([i.id for i, _ in invoices])
    ids = {key[0] for key in groups}
    ids = sorted(ids | {merged for merged, main in mains.items() if main in ids})
    holds, reminded_today = Hold.of_customers(ids, mains), _reminded_today(ids, mains)
    customers_by_id = {c.id: c for c in Customer.select().where(Customer.id.in_(ids))}
    credit, contacts = balances(customers=ids, afresh=afresh), Contact.for_reminders(ids, mains)
    plans = []
    for key, pairs in groups.items():
        items = [_item(i, open_, why[i.id], ladder, reminded.get(i.id, [])) for i, open_ in pairs]
        _cover(items, credit.get(key, NOTHING)["credit"])
        plan = Plan(customers_by_id[key[0]], key[1], items, hold=holds.get(key[0]))
        plan.contacts = contacts.get(key[0], [])
        plan.skipped = _why_none(plan, key in reminded_today)
        if plan.skipped == "had_level":
            steps = [i.level_on for i in plan.claimed if i.level]
            plan.next_on = min(steps, default=None)
        plans.append(plan)
    return plans


def _item(invoice, left, why, ladder, reminded):
    level, level_on = _next_level(invoice, ladder, reminded)
    following = _following(invoice, ladder, level)
    return Item(invoice, left, why, level, level_on, len(reminded), following)


def _following(invoice, ladder, level):
    """(level, day) after this one, were it sent today."""
    after = next((each for each in ladder if level and each.days > level.days), None)
    if after is None:
        return ()
    day = invoice.due_on + dt.timedelta(days=after.days)
    return after, day if day > today() else today() + dt.timedelta(days=after.days - level.days)


def _cover(items, credit):
    """Spread what we hold for the customer over the invoices, oldest first."""
    for item in items:
        item.credit = min(credit, item.asked)
        credit -= item.credit


def _why_none(plan, had_today):
    """Why no reminder is sent, or nothing where one is."""
    if plan.hold:
        return "on_hold"
    if not plan.claimed:
        return "covered" if plan.credit else "held"
    if had_today:
        return "had_today"
    if not plan.level:
        return "had_level"
    return "" if plan.contacts else "no_address"


def _reminded(ids):
    """{invoice id: [(days of the level, its id, day of the reminder)]}."""
    found = {}
    rows = Reminded.select(Reminded, Reminder.day).join(Reminder)
    for row in rows.where(Reminded.invoice.in_(ids)).objects():
        found.setdefault(row.invoice_id, []).append((row.days, row.level_id, row.day))
    return found


def _reminded_today(ids, mains):
    rows = Reminder.select(Reminder.customer, Reminder.currency).where(
        Reminder.customer.in_(ids), Reminder.day == today()
    )
    return {(mains.get(row.customer_id, row.customer_id), row.currency) for row in rows}


def _next_level(invoice, ladder, reminded):
    """(level, day on which it is reached), or (None, None) after the last one. Levels are climbed
    one by one, since the words of each speak of the one before; a notice before the due date is
    not made up for afterwards. When the day of the next level had passed already at the last
    reminder, as after missed days, the days between both levels are counted from that one."""
    highest = max((days for days, _ident, _day in reminded), default=None)
    levels_had = {ident for _days, ident, _day in reminded}
    overdue = invoice.due_on < today()
    level = next(
        (
            level
            for level in ladder
            if (highest is None or level.days > highest)
            and level.id not in levels_had
            and (level.days >= 0 or not overdue)
        ),
        None,
    )
    if level is None:
        return None, None
    day = invoice.due_on + dt.timedelta(days=level.days)
    last = max((day for _days, _ident, day in reminded), default=None)
    if last and day <= last:
        day = last + dt.timedelta(days=level.days - highest)
    return level, day
