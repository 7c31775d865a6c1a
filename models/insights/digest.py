"""The weekly mail to each colleague about the open money and the disputes of their customers; none
when there is nothing to report."""

import datetime as dt

from models.adapters.outbox import Mail
from models.company import Company
from models.core.clock import now, today
from models.core.database import db
from models.disputes import Dispute
from models.dunning import Promise, Reminder
from models.people import User
from models.receivables.balance import open_sums
from models.receivables.due_item import DueItem


def mail_week(base_url=""):
    """Monday's mail to sales, managers and finance; once per week and person, on a later day if
    Monday was missed."""
    company = Company.current()
    if company is None or not company.setting("weekly_digest"):
        return
    year, week, _ = today().isocalendar()
    for person in User.select().where(User.active).order_by(User.id):
        if {"sales", "manager", "finance"} & set(person.roles):
            _mail(person, f"digest-{year}-{week}-{person.id}", company, base_url)


@db.atomic()
def _mail(person, key, company, base_url):
    if Mail.select().where(Mail.key == key).exists():
        return
    content = content_for(person)
    if any(content.values()):
        Mail.enqueue_to(
            person,
            key,
            "digest",
            {"firm": company.name, "link": base_url + "/", **content},
        )


def content_for(person):
    """The content of the mail, of what this person may see: sums per currency and lists."""
    day, mine = today(), person.sees.documents()
    disputes = list(
        person.sees.disputes()
        .where(Dispute.state.in_(("open", "mediation", "legal")))
        .order_by(Dispute.settle_by)
    )
    broken_promises = [
        p
        for p in person.sees.promises().where(
            Promise.ended_at.is_null(),
            Promise.day.between(day - dt.timedelta(days=7), day - dt.timedelta(days=1)),
        )
        if p.state == "broken"
    ]
    reminders = person.sees.reminders().where(Reminder.day > day - dt.timedelta(days=7))
    bounced = Mail.select().where(
        Mail.state == "bounced",
        Mail.reminder.in_(reminders.select(Reminder.id)),
        Mail.queued_at > now() - dt.timedelta(days=8),
    )
    return {
        "overdue": open_sums(mine, DueItem.due_on < day),
        "soon": open_sums(mine, DueItem.due_on.between(day, day + dt.timedelta(days=7))),
        "letters": reminders.count(),
        "disputes": [[d.number, d.customer.name, d.is_late] for d in disputes[:20]],
        "broken": [
            [p.invoice.number, p.customer.name, p.amount, p.invoice.currency]
            for p in broken_promises[:20]
        ],
        "bounced": sorted({m.recipient for m in bounced}),
    }
