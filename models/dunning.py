"""Payment reminders: one letter per customer and currency with the balances of the moment."""
import datetime as dt

import peewee as pw

from models import blobs, pdf
from models.base import JSONField, Model, MoneyField, db, today
from models.company import Company
from models.customers import Contact, Customer
from models.documents import Document
from models.documents.issue import images_of
from models.documents.words import in_words
from models.events import Journaled
from models.numbering import NumberSeries
from models.outbox import Mail


class Reminder(Journaled, Model):
    """A letter that was sent, with what it said and its PDF."""
    number = pw.CharField(unique=True)
    customer = pw.ForeignKeyField(Customer, backref="reminders")
    currency = pw.CharField(max_length=3)
    day = pw.DateField()
    snapshot = JSONField()
    total = MoneyField()
    paper = pw.CharField(max_length=64)

    class Meta:
        indexes = ((("customer", "currency", "day"), True),)


class Reminded(Model):
    """Which step of its reminders an invoice has had."""
    reminder = pw.ForeignKeyField(Reminder, backref="items")
    invoice = pw.ForeignKeyField(Document)
    step = pw.IntegerField()

    class Meta:
        indexes = ((("invoice", "step"), True),)


def step_of(invoice, days, day):
    """How many of the reminder days (relative to the due date) have passed for this invoice."""
    return sum(1 for d in days if (day - invoice.due_on).days >= d)


def due(day=None):
    """{(customer id, currency): [(invoice, step)]} of open invoices due soon or late, where one has a new step."""
    day, days = day or today(), sorted(Company.current().setting("reminder_days"))
    if not days:
        return {}
    horizon = day - dt.timedelta(days=days[0])
    groups = {}
    for invoice in Document.standing().where(Document.kind == "invoice", Document.due_on <= horizon).order_by(
            Document.due_on, Document.id):
        if invoice.open_balance() > 0:
            groups.setdefault((invoice.customer_id, invoice.currency), []).append(
                (invoice, step_of(invoice, days, day)))
    return {key: items for key, items in groups.items() if any(_fresh(i, step) for i, step in items)}


def _fresh(invoice, step):
    return step > 0 and not Reminded.select().where(Reminded.invoice == invoice.id, Reminded.step >= step).exists()


def run_due(base_url=""):
    """Write and queue every letter that is due. Running twice sends nothing twice; missed days catch up."""
    made = []
    for customer_id, currency in list(due()):
        letter = remind(customer_id, currency, base_url)
        made += [letter] if letter else []
    return made


@db.atomic()
def remind(customer_id, currency, base_url=""):
    """One letter to one customer, or None when meanwhile nothing is due."""
    items = due().get((customer_id, currency))
    day = today()
    if not items or Reminder.select().where(Reminder.customer == customer_id, Reminder.currency == currency,
                                            Reminder.day == day).exists():
        return None
    customer = Customer.get_by_id(customer_id)
    number, _, _ = NumberSeries.draw("reminder")
    rows = [{"number": i.number, "issued_on": i.issued_on.isoformat(), "due_on": i.due_on.isoformat(),
             "days_late": max(0, (day - i.due_on).days), "total": i.total, "open": i.open_balance()}
            for i, _ in items]
    total = sum(r["open"] for r in rows)
    paper = {"kind": "reminder", "number": number, "language": customer.language, "currency": currency,
             "date": day.isoformat(), "seller": Company.current().as_seller(),
             "customer": {"name": customer.name, "address": customer.address_text(), "tax_id": customer.tax_id},
             "items": rows, "total_open": total, "total_overdue": sum(r["open"] for r in rows if r["days_late"]),
             "words": in_words(total, currency, customer.language),
             "portal_url": f"{base_url or Document.base_url or ''}/portal/reminders"}
    sha = blobs.keep(pdf.render(paper, images_of(paper)))
    letter = Reminder.create(number=number, customer=customer, currency=currency, day=day, snapshot=paper,
                             total=total, paper=sha)
    for invoice, step in items:
        if _fresh(invoice, step):
            Reminded.create(reminder=letter, invoice=invoice, step=step)
    contacts = [c for c in customer.contacts.where(Contact.active) if c.email]
    for contact in contacts:
        Mail.put(f"reminder-{letter.id}-{contact.id}", to=contact.email, template="reminder",
                 language=contact.language, contact=contact, reminder=letter, attachment=sha,
                 filename=f"{number}.pdf", context={"name": contact.name, "firm": paper["seller"]["name"],
                                                    "total": total, "currency": currency,
                                                    "link": paper["portal_url"], "items": rows})
    letter.record("reminded", None, number=number, total=total, to=[c.email for c in contacts])
    return letter
