"""Who owes for longest, with what was tried last: the customers to call today."""

import datetime as dt
import itertools
from dataclasses import dataclass

import peewee as pw
from peewee import fn

from models.core.clock import today
from models.core.model import without_index
from models.customers import Contact, Customer
from models.dunning.on_hold import amounts_on_hold, sources_with_rows
from models.dunning.promise import Promise
from models.dunning.reminder import Reminder
from models.receivables.due_item import DueItem

AT_ONCE = 50  # invoices


@dataclass
class Debtor:
    """What one customer owes in one currency past its due date, in minor units."""

    customer: Customer
    currency: str
    invoices: int
    open: int
    oldest: dt.date
    held: int = 0  # of this no reminder may claim: disputed, promised, reported as paid …
    phone: str = ""
    promise: Promise | None = None  # the newest that was not kept
    reminder: Reminder | None = None  # the newest

    @property
    def remindable(self):
        """Whether a reminder would claim anything today."""
        reminded_today = self.reminder is not None and self.reminder.day >= today()
        return self.open > self.held and not reminded_today

    @property
    def days(self):
        return (today() - self.oldest).days


def debtors(customers, most):
    """The customers of the query that are overdue, the longest first; of all, in few queries."""
    mains, keys = Customer.mains(), {}
    for ident, currency in _longest(customers):
        keys[mains.get(ident, ident), currency] = None
        if len(keys) == most:
            break
    if not keys:
        return []
    customers = Customer.select().where(Customer.id.in_([ident for ident, _currency in keys]))
    named = {customer.id: customer for customer in customers}
    found = {key: Debtor(named[key[0]], key[1], 0, 0, today()) for key in keys}
    there = sources_with_rows(reminders=Reminder.select(), promises=Promise.select())
    _add_sums(found, mains, there)
    _add_phones(found, mains)
    "reminders" in there and _add_reminders(found, mains)
    "promises" in there and _add_promises(found, mains)
    return list(found.values())


def _longest(customers):
    """(customer, currency) of each overdue invoice, the oldest first, read some at a time."""
    rows = DueItem.select(DueItem.customer, DueItem.currency).where(DueItem.is_overdue(today()))
    if customers is not None:
        rows = rows.where(pw.Expression(without_index(DueItem.customer), pw.OP.IN, customers))
    rows = rows.order_by(DueItem.due_on, DueItem.customer, DueItem.currency, DueItem.document)
    for start in itertools.count(0, AT_ONCE):
        some = list(rows.limit(AT_ONCE).offset(start).tuples())
        yield from some
        if len(some) < AT_ONCE:
            return


def _add_sums(found, mains, sources):
    group, owed = _group(found, mains), {}
    rows = DueItem.select().where(DueItem.customer.in_(list(group)), DueItem.is_overdue(today()))
    for item in rows:
        debtor = found.get((group[item.customer], item.currency))
        if debtor:
            debtor.invoices += 1
            debtor.open += item.open
            debtor.oldest = min(debtor.oldest, item.due_on)
            owed[item.document] = debtor, item.open
    held = amounts_on_hold({i: left for i, (_debtor, left) in owed.items()}, sources)
    for invoice, (debtor, left) in owed.items():
        debtor.held += min(left, sum(held[invoice].values()))


def _group(found, mains):
    """{id: the customer of which it is a part} of all these customers' rows."""
    ids = {customer for customer, _currency in found}
    return {i: i for i in ids} | {part: main for part, main in mains.items() if main in ids}


def _add_phones(found, mains):
    group = _group(found, mains)
    rows = Contact.select(Contact.customer, Contact.phone).where(
        Contact.customer.in_(list(group)), Contact.phone != ""
    )
    phones = {group[i]: phone for i, phone in rows.order_by(Contact.id.desc()).tuples()}
    for debtor in found.values():
        debtor.phone = phones.get(debtor.customer.id, "")


def _add_reminders(found, mains):
    group = _group(found, mains)
    newest = Reminder.select(fn.MAX(Reminder.id)).where(Reminder.customer.in_(list(group)))
    newest = newest.group_by(Reminder.customer, Reminder.currency)
    for reminder in Reminder.select().where(Reminder.id.in_(newest)).order_by(Reminder.day):
        debtor = found.get((group[reminder.customer_id], reminder.currency))
        if debtor:
            debtor.reminder = reminder


def _add_promises(found, mains):
    group = _group(found, mains)
    rows = (
        Promise.select(Promise, DueItem.open.alias("left"), DueItem.currency)
        .join(DueItem, on=(DueItem.document == Promise.invoice))
        .where(
            Promise.customer.in_(list(group)),
            Promise.ended_at.is_null(),
            Promise.day < today(),
            DueItem.is_overdue(today()),
        )
        .order_by(Promise.day)
    )
    for promise in rows.objects():
        debtor = found.get((group[promise.customer_id], promise.currency))
        if debtor and promise.state_at(promise.left) == "broken":
            debtor.promise = promise
