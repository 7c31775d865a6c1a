"""Statements and reminders of customers that were shown as one: the papers stay with the main one,
and once the others are separated from it, the contacts of neither see them."""

from models.documents import Document
from models.payments import Payment


class JointAccount:
    """For tables with `customer` and `also_of`: the ids of the merged customers whose account in
    this currency the paper showed besides, or None."""

    @classmethod
    def of_group(cls, group):
        """The papers of these customers alone: none that also shows the account of another one,
        separated since."""
        joint = [row.id for row in cls._joint(group) if not set(row.also_of) <= set(group)]
        return cls.select().where(cls.customer.in_(group), cls.id.not_in(joint))

    @classmethod
    def shared_by(cls, ids, others):
        """Those that show the account of customers on both sides."""
        return [row for row in cls._joint(others) if set(row.also_of) & set(ids)]

    @classmethod
    def _joint(cls, customers):
        rows = cls.select(cls.id, cls.number, cls.also_of).where(cls.customer.in_(customers))
        return rows.where(cls.also_of.is_null(False)).order_by(cls.id)

    @property
    def is_of_separated(self):
        """Whether a customer whose account it also shows was separated since."""
        return not set(self.also_of or ()) <= set(self.customer.group)


def accounts_besides(customer, currency):
    """The ids of the customers merged into this one that have an account in this currency, or
    None."""
    others, found = customer.group[1:], set()
    for model in (Document, Payment) if others else ():
        rows = model.select(model.customer).where(
            model.customer.in_(others), model.currency == currency
        )
        found |= {ident for (ident,) in rows.distinct().tuples()}
    return sorted(found) or None
