"""Once a week each colleague hears where their customers' money and complaints stand; nothing when
there is nothing to say."""

import datetime as dt

from models.adapters.outbox import Mail
from models.company import Company
from models.core.clock import now, today
from models.core.database import db
from models.disputes import Dispute
from models.dunning import Promise, Reminder
from models.payments import open_balance
from models.people import User
from models.receivables.balance import by_money


def mail_week(base_url=""):
    """Monday's mail to everyone who sells, manages or handles money; once per week and person,
    later if Monday was missed."""
    firm = Company.current()
    if firm is None or not firm.setting("weekly_digest"):
        return
    year, week, _ = today().isocalendar()
    for person in User.select().where(User.active).order_by(User.id):
        if {"sales", "manager", "finance"} & set(person.roles):
            _mail(person, f"digest-{year}-{week}-{person.id}", firm, base_url)


@db.atomic()
def _mail(person, key, firm, base_url):
    if Mail.select().where(Mail.key == key).exists():
        return
    found = week_of(person)
    if any(found.values()):
        Mail.enqueue(
            key,
            to=person.email,
            template="digest",
            language=person.language,
            context={"name": person.name, "firm": firm.name, "link": base_url + "/", **found},
        )


def week_of(person):
    """What stands in the mail: sums per currency, newest first; what this person may not see is not
    among it."""
    day, mine = today(), person.sees.documents()
    overdue = list(by_money(mine, "overdue"))
    soon = [
        d
        for state in ("open", "partly_paid")
        for d in by_money(mine, state)
        if d.due_on and d.due_on <= day + dt.timedelta(days=7)
    ]
    disputes = list(
        person.sees.disputes()
        .where(Dispute.state.in_(("open", "mediation", "legal")))
        .order_by(Dispute.settle_by)
    )
    broken = [
        p
        for p in person.sees.promises().where(
            Promise.ended_at.is_null(),
            Promise.day.between(day - dt.timedelta(days=7), day - dt.timedelta(days=1)),
        )
        if p.state == "broken"
    ]
    letters = person.sees.reminders().where(Reminder.day > day - dt.timedelta(days=7))
    back = Mail.select().where(
        Mail.state == "bounced",
        Mail.reminder.in_(letters.select(Reminder.id)),
        Mail.queued_at > now() - dt.timedelta(days=8),
    )
    return {
        "overdue": _sums(overdue),
        "soon": _sums(soon),
        "letters": letters.count(),
        "disputes": [[d.number, d.customer.name, d.is_late] for d in disputes[:20]],
        "broken": [
            [p.invoice.number, p.customer.name, p.amount, p.invoice.currency] for p in broken[:20]
        ],
        "bounced": sorted({m.recipient for m in back}),
    }


def _sums(invoices):
    """[[currency, how many, open]]"""
    sums = {}
    for invoice in invoices:
        row = sums.setdefault(invoice.currency, [0, 0])
        row[0] += 1
        row[1] += open_balance(invoice)
    return [[currency, *row] for currency, row in sorted(sums.items())]
