"""Monthly sales targets of salespeople."""

import peewee as pw

from models.core.database import db
from models.core.errors import refuse
from models.core.fields import MoneyField
from models.core.journal import Journaled
from models.core.model import Model
from models.people import User


class Target(Journaled, Model):
    """The target for one person's net sales in one month (its first day) and currency."""

    owner = pw.ForeignKeyField(User, backref="targets")
    month = pw.DateField()
    currency = pw.CharField(max_length=3)
    amount = MoneyField()

    class Meta:
        indexes = ((("owner", "month", "currency"), True),)

    @property
    def name(self):
        return f"{self.owner_id} {self.month} {self.currency}"

    @classmethod
    @db.atomic()
    def define(cls, by, owner, month, currency, amount):
        """Set or change the target, which may be zero. Refused for people of another team."""
        by.must("set_targets")
        amount >= 0 or refuse("amount_positive")
        by.sees_all or owner.id in {row.id for row in by.sees.colleagues()} or refuse(
            "no_such_person"
        )
        month = month.replace(day=1)
        row = cls.get_or_none(cls.owner == owner, cls.month == month, cls.currency == currency)
        if row and row.amount == amount:
            return row
        row = row or cls(owner=owner, month=month, currency=currency)
        row.amount = amount
        row.save_changes(by, "target_set", amount=amount)
        return row

    @classmethod
    def sums(cls, currency, first, last):
        """{owner id: amount} over the months that begin within the days."""
        rows = (
            cls.select(cls.owner, pw.fn.SUM(cls.amount))
            .where(cls.currency == currency, cls.month.between(first, last))
            .group_by(cls.owner)
        )
        return {owner: int(amount) for owner, amount in rows.tuples()}
