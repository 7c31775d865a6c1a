"""What a person said of the columns of a bank's files, remembered for each account of ours."""

import hashlib

import peewee as pw

from models.bank import heads
from models.core.clock import now
from models.core.fields import JSONField, canonical
from models.core.journal import Journaled
from models.core.model import Model
from models.people import User

REMEMBERED = ("columns", "decimal", "date_order", "sides", "direction", "flags", "statuses")


class BankLayout(Journaled, Model):
    """The meaning of the columns under these heads, in files of this account."""

    account = pw.CharField(max_length=60, default="")
    heads = JSONField(default=list)
    heads_key = pw.CharField(max_length=64)
    choices = JSONField(default=dict)
    by = pw.ForeignKeyField(User)
    at = pw.DateTimeField()

    class Meta:
        indexes = ((("account", "heads_key"), True),)

    @classmethod
    def remember(cls, by, account, of_heads, choices):
        """Keep what was said, within the verb that acts on it."""
        key = key_of(of_heads)
        kept = {name: choices[name] for name in REMEMBERED if choices.get(name)}
        row = cls.get_or_none(cls.account == account, cls.heads_key == key) or cls(
            account=account, heads=of_heads, heads_key=key
        )
        if row.choices != kept or row.get_id() is None:
            row.choices, row.by, row.at = kept, by, now()
            row.save_changes(by, "remembered", name=row.name)

    @classmethod
    def remembered(cls):
        """All of them, as a reader of tables takes them."""
        columns = cls.account, cls.heads, cls.choices
        return [
            {"account": account, "heads": known, "choices": choices}
            for account, known, choices in cls.select(*columns).order_by(cls.id).tuples()
        ]

    @property
    def name(self):
        return self.account or ", ".join(h for h in self.heads if h)[:60]


def key_of(of_heads):
    return hashlib.sha256(canonical([heads.folded(h) for h in of_heads]).encode()).hexdigest()
