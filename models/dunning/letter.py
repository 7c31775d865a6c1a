"""Write a reminder to one customer: number, content, levels and mails in one transaction; its PDF,
without which no mail goes, right after."""

from models.adapters.outbox import Mail
from models.company import Company
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
    """One letter to one customer with the balances of this moment, or None when meanwhile nothing
    is due. Number, letter, levels and mails are one transaction; two schedulers wait for each
    other, and the unique day is the last word."""
    plan = next((p for p in preview(customer_id, currency) if not p.skipped), None)
    if plan is None:
        return None
    number, _, _ = NumberSeries.draw("reminder")
    paper = _paper(plan, number, base_url)
    letter = Reminder.create(
        number=number,
        customer=plan.customer,
        currency=currency,
        day=today(),
        snapshot=paper,
        total=plan.total,
        pdf_sha256="",
        level=plan.level,
        interest=plan.interest,
    )
    for item in plan.items:
        if item.fresh:
            Reminded.create(
                reminder=letter, invoice=item.invoice, days=item.level.days, level=item.level
            )
    _post(letter, plan, paper)
    letter.record(
        "reminded", None, number=number, total=plan.total, to=[c.email for c in plan.contacts]
    )
    wake("printing")
    return letter


def _paper(plan, number, base_url):
    """The letter as data: the only thing its PDF is made from."""
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
        "text": _words(plan, language),
        "seller": Company.current().as_seller(plan.currency),
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


def _words(plan, language):
    return plan.level.text(
        language,
        customer=plan.customer.name,
        firm=Company.current().name,
        currency=plan.currency,
        total=format_money(plan.total + plan.interest, plan.currency),
        date=today().isoformat(),
    )


def _post(letter, plan, paper):
    """One mail to each contact, and a copy to the salesperson where the level says so."""
    owner = plan.customer.owner if plan.level.copy_owner else None
    for person in [*plan.contacts, *([owner] if owner and owner.active else [])]:
        contact = person if person is not owner else None
        Mail.enqueue(
            f"reminder-{letter.id}-{'' if contact else 'copy-'}{person.id}",
            to=person.email,
            template="reminder",
            language=person.language,
            contact=contact,
            reminder=letter,
            attachment=None,
            filename=f"{letter.number}.pdf",
            context={
                "name": person.name,
                "firm": paper["seller"]["name"],
                "total": letter.total,
                "currency": letter.currency,
                "title": plan.level.title(person.language),
                "text": _words(plan, person.language),
                "interest": letter.interest,
                "items": paper["items"],
                "copy_of": "" if contact else plan.customer.name,
                "link": paper["portal_url"]
                if contact
                else paper["portal_url"].replace("/portal/reminders", f"/reminders/{letter.id}"),
            },
        )
