"""Which customers a member of staff may see, and is responsible for."""

import peewee as pw
from peewee import fn

from models.core.model import without_index
from models.core.prepared import prepared_part
from models.customers.customer import Customer
from models.people import User


def _colleagues(leads, whose):
    return User.select(User.id).where(User.team == whose if leads else User.id == whose)


def _is_seen(manages, leads, whose):
    """The condition that the customer is one of theirs; managers see those of nobody too."""
    seen = Customer.owner.in_(_colleagues(leads, whose))
    return seen | Customer.owner.is_null() if manages else seen


def _ids_seen(manages, leads):
    @prepared_part
    def ids(whose):
        mains = Customer.select().where(Customer.main.is_null(), _is_seen(manages, leads, whose))
        merged = Customer.alias()
        shown = fn.EXISTS(mains.where(Customer.id == merged.main))
        merged = merged.select(merged.id).where(merged.main.is_null(False), shown)
        return mains.select(Customer.id).union_all(merged)

    return ids


_IDS = {
    (manages, leads): _ids_seen(manages, leads)
    for manages, leads in ((False, False), (True, False), (True, True))
}


class SeenCustomers:
    """Sales see their own customers, managers those of their team, other roles all."""

    group = None

    def of_group(self, group):
        """The scopes for who asks about a customer's group alone: the ids of other customers are
        not looked up."""
        scopes = type(self)(self.person)
        scopes.group = group
        return scopes

    @property
    def _manages(self):
        return "manager" in self.person.roles

    @property
    def _leads(self):
        return bool(self._manages and self.person.team_id)

    @property
    def _whose(self):
        """The id of the team, of who leads one, else of the person."""
        return self.person.team_id if self._leads else self.person.id

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
        return _colleagues(self._leads, self._whose)

    def customers(self):
        """The customers, without those that were merged into another one: whoever sees that one
        sees what is theirs."""
        rows = Customer.select().where(Customer.main.is_null())
        if self.person.sees_all:
            return rows
        return rows.where(_is_seen(self._manages, self._leads, self._whose))

    def customer_ids(self):
        """A query of the ids of the customers, those of merged ones among them."""
        if self.person.sees_all:
            return Customer.select(Customer.id)
        if self.group:
            own = self.customers().select(Customer.id).where(Customer.id.in_(self.group))
            return own.union_all(Customer.select(Customer.id).where(Customer.main.in_(own)))
        return _IDS[self._manages, self._leads](self._whose)

    def of_own(self, column):
        """The condition that the column names one of the customers."""
        return pw.Expression(without_index(column), pw.OP.IN, self.customer_ids())

    def owned_by_seen(self, column):
        """The condition that the column names the owner of such a customer; 0: nobody."""
        if self.person.sees_all:
            return column.is_null(False)
        seen = column.in_(self.colleagues())
        return seen | (column == 0) if self._manages else seen

    def customers_and_merged(self):
        """The customers, and those that were merged into one of them."""
        rows = Customer.select()
        return rows if self.person.sees_all else rows.where(Customer.id.in_(self.customer_ids()))
