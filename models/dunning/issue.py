"""Issue a reminder to one customer: number, content, levels and mails in one transaction. Its PDF
is made right after, and its mails wait for it."""

import datetime as dt

from models.adapters.outbox import Mail
from models.company import Company
from models.core import filenames
from models.core.clock import today
from models.core.database import db
from models.core.money import format_money, format_scaled
from models.core.wake import wake
from models.documents import Document
from models.documents.words import in_words
from models.dunning.plan import preview
from models.dunning.reminder import Reminded, Reminder
from models.numbering import NumberSeries
from models.receivables.joint import accounts_besides


@db.atomic()
def remind(customer_id, currency, base_url=""):
    """The reminder to one customer with the balances of this moment, or None when nothing is due
    any more. Should two schedulers write at once, the unique index on the day refuses the
    second."""
    plan = next((p for p in preview(customer_id, currency, afresh=True) if not p.skipped), None)
    if plan is None:
        return None
    number, _, _ = NumberSeries.draw("reminder")
    content = _content(plan, number, base_url)
    reminder = Reminder.create(
        number=number,
        customer=plan.customer,
        also_of=accounts_besides(plan.customer, currency),
        currency=currency,
        day=today(),
        snapshot=content,
        total=plan.total,
        pdf_sha256="",
        level=plan.level,
        interest=plan.interest,
    )
    for item in plan.items:
        if item.fresh:
            Reminded.create(
                reminder=reminder, invoice=item.invoice, days=item.level.days, level=item.level
            )
    _queue_mails(reminder, plan, content)
    reminder.record(
        "reminded", None, number=number, total=plan.total, to=[c.email for c in plan.contacts]
    )
    wake("printing")
    return reminder


def _content(plan, number, base_url):
    """The frozen content, from which alone the PDF is made."""
    customer, level, language = plan.customer, plan.level, plan.customer.language
    rows = [
        {
            "number": i.invoice.number,
            "issued_on": i.invoice.issued_on.isoformat(),
            "due_on": i.invoice.due_on.isoformat(),
            "days_late": i.days_late,
            "total": i.invoice.total,
            "open": i.asked,
            "held": i.held,
            "interest": level.interest_on(i.asked, i.days_late),
            "reminded": i.reminded,
        }
        for i in plan.claimed
    ]
    return {
        "kind": "reminder",
        "number": number,
        "language": language,
        "currency": plan.currency,
        "date": today().isoformat(),
        "pay_by": _pay_by(plan).isoformat(),
        "title": level.title(language),
        "text": _text(plan, language),
        **_next(plan, language),
        "seller": Company.current().as_seller(plan.currency, language),
        "customer": {
            "name": customer.name,
            "address": customer.address_text(),
            "tax_id": customer.tax_id,
        },
        "items": rows,
        "total_open": plan.total,
        "total_overdue": sum(r["open"] for r in rows if r["days_late"]),
        "interest": plan.interest,
        "interest_rate": format_scaled(level.interest, 2) if plan.interest else "",
        "to_pay": plan.total + plan.interest,
        "credit": plan.credit,
        "credit_parts": [
            {"number": i.invoice.number, "amount": i.credit} for i in plan.items if i.credit
        ],
        "words": in_words(plan.total + plan.interest, plan.currency, language),
        "portal_url": f"{base_url or Document.base_url or ''}/portal/reminders",
    }


def _pay_by(plan):
    """A week from today, but the day before what follows; the last due day while nothing is
    overdue."""
    if not any(i.days_late for i in plan.claimed):
        return max(i.invoice.due_on for i in plan.claimed)
    week = today() + dt.timedelta(days=7)
    _level, follows = plan.following or (None, None)
    return max(today(), min(week, follows - dt.timedelta(days=1))) if follows else week


def _next(plan, language):
    """What follows if it stays unpaid, as the letter says it."""
    level, day = plan.following or (None, None)
    return {
        "next_title": level.title(language) if level else "",
        "next_on": day.isoformat() if day else "",
    }


def _text(plan, language):
    return plan.level.text(
        language,
        customer=plan.customer.name,
        firm=Company.current().name,
        currency=plan.currency,
        total=format_money(plan.total + plan.interest, plan.currency),
        date=today().isoformat(),
    )


def _queue_mails(reminder, plan, content):
    """One mail to each contact, and copies to the salesperson if the level asks for it and to the
    bookkeeper if the firm does."""
    for contact in plan.contacts:
        _queue_mail(reminder, plan, content, contact, contact.id, contact=contact)
    owner = plan.customer.owner if plan.level.copy_owner else None
    if owner and owner.active:
        _queue_mail(reminder, plan, content, owner, f"copy-{owner.id}")
    address = Company.current().setting("bookkeeper_mail")
    if address and plan.contacts:
        _queue_mail(reminder, plan, content, plan.contacts[0], "copy-bookkeeper", to=address)


def _queue_mail(reminder, plan, content, person, key, contact=None, to=None):
    """A mail in the words for this person; without a contact it is marked as a copy and leads to
    the page of staff."""
    link = content["portal_url"]
    if not contact:
        link = link.replace("/portal/reminders", f"/reminders/{reminder.id}")
    Mail.enqueue(
        f"reminder-{reminder.id}-{key}",
        to=to or person.email,
        template="reminder",
        language=person.language,
        contact=contact,
        reminder=reminder,
        attachment=None,
        filename=filenames.pdf_of(reminder.number),
        context={
            "name": person.name,
            "firm": content["seller"]["name"],
            "number": reminder.number,
            "total": reminder.total,
            "currency": reminder.currency,
            "title": plan.level.title(person.language),
            "text": _text(plan, person.language),
            "interest": reminder.interest,
            "credit": plan.credit,
            "pay_by": content["pay_by"],
            **_next(plan, person.language),
            "items": content["items"],
            "copy_of": "" if contact else plan.customer.name,
            "link": link,
        },
    )
