"""Issue a reminder to one customer: number, content, levels and mails in one transaction. Its PDF
is made right after, and its mails wait for it."""

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


@db.atomic()
def remind(customer_id, currency, base_url=""):
    """The reminder to one customer with the balances of this moment, or None when nothing is due
    any more. Should two schedulers write at once, the unique index on the day refuses the
    second."""
    plan = next((p for p in preview(customer_id, currency) if not p.skipped), None)
    if plan is None:
        return None
    number, _, _ = NumberSeries.draw("reminder")
    content = _content(plan, number, base_url)
    reminder = Reminder.create(
        number=number,
        customer=plan.customer,
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
        }
        for i in plan.claimed
    ]
    return {
        "kind": "reminder",
        "number": number,
        "language": language,
        "currency": plan.currency,
        "date": today().isoformat(),
        "title": level.title(language),
        "text": _text(plan, language),
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
        "words": in_words(plan.total + plan.interest, plan.currency, language),
        "portal_url": f"{base_url or Document.base_url or ''}/portal/reminders",
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
    """One mail to each contact, and a copy to the salesperson if the level asks for it."""
    owner = plan.customer.owner if plan.level.copy_owner else None
    for person in [*plan.contacts, *([owner] if owner and owner.active else [])]:
        contact = person if person is not owner else None
        Mail.enqueue(
            f"reminder-{reminder.id}-{'' if contact else 'copy-'}{person.id}",
            to=person.email,
            template="reminder",
            language=person.language,
            contact=contact,
            reminder=reminder,
            attachment=None,
            filename=filenames.pdf_of(reminder.number),
            context={
                "name": person.name,
                "firm": content["seller"]["name"],
                "total": reminder.total,
                "currency": reminder.currency,
                "title": plan.level.title(person.language),
                "text": _text(plan, person.language),
                "interest": reminder.interest,
                "items": content["items"],
                "copy_of": "" if contact else plan.customer.name,
                "link": content["portal_url"]
                if contact
                else content["portal_url"].replace(
                    "/portal/reminders", f"/reminders/{reminder.id}"
                ),
            },
        )
