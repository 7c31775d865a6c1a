"""Which customers a member of staff may see, and is responsible for."""

import peewee as pw
from peewee import fn

from models.core.model import without_index
from models.customers.customer import Customer
from models.people import User


class SeenCustomers:
    """Sales see their own customers, managers those of their team, other roles all."""

    def is_responsible_for(self, thing):
        """Whether the customer, or the customer of the row, is one of theirs, or they own the row.
        Who is only an approver of a document sees that document, but is not responsible for it."""
        is_customer = isinstance(thing, Customer)
        customer = (thing.main_id or thing.id) if is_customer else self._main_of(thing.customer_id)
        own = not is_customer and getattr(thing, "owner_id", None) == self.person.id
        return (
            own or self.person.sees_all or self.customers().where(Customer.id == customer).exists()
        )

    @staticmethod
    def _main_of(ident):
        """The id under which the customer is shown, as a query within another one."""
        return Customer.select(fn.COALESCE(Customer.main, Customer.id)).where(Customer.id == ident)

    def colleagues(self):
        """A query of the ids of the people whose customers this person sees."""
        if "manager" in self.person.roles and self.person.team_id:
            return User.select(User.id).where(User.team == self.person.team_id)
        return User.select(User.id).where(User.id == self.person.id)

    def customers(self):
        """The customers, without those that were merged into another one: whoever sees that one
        sees what is theirs."""
        rows = Customer.select().where(Customer.main.is_null())
        if self.person.sees_all:
            return rows
        seen = Customer.owner.in_(self.colleagues())
        if "manager" in self.person.roles:
            seen |= Customer.owner.is_null()
        return rows.where(seen)

    def customer_ids(self):
        """A query of the ids of the customers, those of merged ones among them."""
        if self.person.sees_all:
            return Customer.select(Customer.id)
        merged = Customer.alias()
        shown = self.customers().where(Customer.id == merged.main)
        merged = merged.select(merged.id).where(merged.main.is_null(False), fn.EXISTS(shown))
        return self.customers().select(Customer.id).union_all(merged)

    def of_own(self, column):
        """The condition that the column names one of the customers."""
        return pw.Expression(without_index(column), pw.OP.IN, self.customer_ids())

    def customers_and_merged(self):
        """The customers, and those that were merged into one of them."""
        rows = Customer.select()
        return rows if self.person.sees_all else rows.where(Customer.id.in_(self.customer_ids()))
