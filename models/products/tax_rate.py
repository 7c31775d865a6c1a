"""Tax rates, with their first and last days."""

import peewee as pw

from models.core.clock import today
from models.core.database import db
from models.core.errors import refuse
from models.core.fields import RateField
from models.core.journal import Journaled
from models.core.model import Model


class TaxRate(Journaled, Model):
    """A tax rate with its first and last days. Zero rate, exempt (免税) and out of scope (不征税)
    are different kinds."""

    name = pw.CharField()
    name_en = pw.CharField(default="")
    kind = pw.CharField(
        max_length=12,
        default="taxed",
        choices=[(k, k) for k in ("taxed", "zero", "exempt", "out_of_scope")],
    )
    rate = RateField(default=0)
    valid_from = pw.DateField(null=True)
    valid_to = pw.DateField(null=True)

    @classmethod
    def valid(cls, day=None):
        day = day or today()
        return (
            cls.select()
            .where(
                cls.valid_from.is_null() | (cls.valid_from <= day),
                cls.valid_to.is_null() | (cls.valid_to >= day),
            )
            .order_by(cls.rate.desc(), cls.id)
        )

    @classmethod
    def by_id(cls):
        return {rate.id: rate for rate in cls.select()}

    def label(self, language):
        """What a document in this language calls it."""
        return language == "en" and self.name_en or self.name

    def on_line(self, language):
        """{name: value} of what a line of a document in this language copies of it."""
        return {
            "tax_rate": self.id,
            "tax_label": self.label(language),
            "tax_kind": self.kind,
            "rate": self.rate,
        }

    @classmethod
    @db.atomic()
    def enter(cls, by, **data):
        """Add a rate."""
        if by is not None:
            by.must("configure")
        row = cls.create(**cls._validated(data))
        row.record("entered", by)
        return row

    @db.atomic()
    def revise(self, by, **data):
        by.must("configure")
        data = self.differing(data)
        if not data:
            return
        self._validated({**self.__data__, **data})
        for key, value in data.items():
            setattr(self, key, value)
        self.save_changes(by)

    @staticmethod
    def _validated(data):
        """The data. Refused when a rate other than a taxed one has a percentage, or days are
        reversed."""
        (data["rate"] > 0) == (data["kind"] == "taxed") or refuse("rate_and_kind")
        since, until = data.get("valid_from"), data.get("valid_to")
        if since and until and until < since:
            refuse("days_backward")
        return data
