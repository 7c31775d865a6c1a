"""A reminder that was sent, with its content, and at which levels each invoice was reminded."""

import peewee as pw

from models.adapters.outbox import Mail
from models.core.fields import JSONField, MoneyField
from models.core.journal import Event, Journaled
from models.core.model import Model
from models.customers import Customer
from models.documents import Document
from models.dunning.level import ReminderLevel
from models.numbering import NUMBERED
from models.printed import Printed
from models.receivables.joint import JointAccount


class Reminder(JointAccount, Printed, Journaled, Model):
    """A reminder with its frozen content and its PDF. `total` is what it claims without
    interest."""

    number = pw.CharField(unique=True)
    customer = pw.ForeignKeyField(Customer, backref="reminders")
    also_of = JSONField(null=True)
    currency = pw.CharField(max_length=3)
    day = pw.DateField()
    snapshot = JSONField()
    total = MoneyField()
    pdf_sha256 = pw.CharField(max_length=64, column_name="paper")
    level = pw.ForeignKeyField(ReminderLevel, null=True)
    interest = MoneyField(default=0)
    mail_keys = "reminder-{id}-"

    class Meta:
        indexes = ((("customer", "currency", "day"), True),)

    @classmethod
    def unprinted(cls, column):
        return cls.select().where(cls.pdf_sha256 == "").order_by(cls.id)

    def mails(self):
        """Its mails, one per recipient."""
        return list(Mail.select().where(Mail.reminder == self.id).order_by(Mail.id))


class Reminded(Model):
    """An invoice was reminded at a level. `days`: of the level at that time, as levels change."""

    reminder = pw.ForeignKeyField(Reminder, backref="items")
    invoice = pw.ForeignKeyField(Document, backref="reminded")
    days = pw.IntegerField()
    level = pw.ForeignKeyField(ReminderLevel, null=True)

    class Meta:
        indexes = ((("invoice", "days"), True), (("invoice", "level"), True))


def _reminded(document):
    ids = Reminded.select(Reminded.reminder).where(Reminded.invoice == document.id)
    return Event.about(Reminder, ids, "reminded")


Journaled.companions[Document].append(_reminded)
NUMBERED["reminder"] = Reminder.select
