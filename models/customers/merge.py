"""Two rows of one customer: the lesser points to the greater one, and back again.

Nothing else of the lesser changes: its documents, payments and contacts go on naming it. Who reads
a customer's things reads those of its whole group: `group`, `group_of` or `mains`."""

import functools

from peewee import fn

from models.core.database import db
from models.core.errors import refuse
from models.core.prepared import prepared

# What depends on the groups, on floors above.
REGROUPED = []  # called with (ids, main id before, main id now), after ids went over
TIES = []  # called with (ids, other ids): the name of what ties one of them to another, or None


@functools.cache
def _group_of(cls):
    def rows(ident):
        return cls.one_with(ident).order_by(cls.main.is_null().desc(), cls.id).tuples()

    return prepared(rows)


class Merging:
    @property
    def leading(self):
        """The customer under which this one is shown: itself, where it was not merged."""
        return self.main or self

    @functools.cached_property
    def group(self):
        """Ids of all that are shown as one with it."""
        return type(self).group_of(self.id)

    @classmethod
    def group_of(cls, ident):
        """Ids of all that are shown as one with the customer of this id, the main one first."""
        return [row_id for (row_id,) in _group_of(cls)(ident)] or [ident]

    @classmethod
    def one_with(cls, ident):
        """The same as a query, in no order."""
        this = cls.alias()
        return cls.groups_of(this.select(fn.COALESCE(this.main, this.id)).where(this.id == ident))

    @classmethod
    def groups_of(cls, mains):
        """Ids of all that are shown under these main ones, a list or query of ids; a query."""
        return cls.select(cls.id).where(cls.id.in_(mains) | cls.main.in_(mains))

    @classmethod
    def main_of(cls, column):
        """The id under which the customer in the column is shown, as an expression."""
        this = cls.alias()
        return fn.COALESCE(this.select(this.main).where(this.id == column), column)

    @classmethod
    def mains(cls):
        """{id: id of its main one} of all that were merged."""
        return dict(cls.select(cls.id, cls.main).where(cls.main.is_null(False)).tuples())

    def must_stand(self):
        """Refused for one that was merged: what is new belongs to its main one."""
        not self.main_id or refuse("customer_merged", name=self.main.name)

    def is_one_with(self, ident):
        """Whether the customer of this id is this one, or shown as one with it."""
        return ident == self.id or ident in self.group

    def with_merged(self):
        """Ids of this one and all that were merged into it, directly or through others."""
        cls, ids, newest = type(self), [self.id], [self.id]
        while newest:
            rows = cls.select(cls.id).where(cls.merged_into.in_(newest)).order_by(cls.id)
            newest = [ident for (ident,) in rows.tuples()]
            ids += newest
        return ids

    def limit_rises_under(self, other):
        """Whether what is sold to this customer would count against a higher limit under the other
        one, or against none: a limit counts what is sold in its own currency."""
        if self.credit_limit is None:
            return False
        same = other.credit_limit is not None and other.currency == self.currency
        return not same or other.credit_limit > self.credit_limit

    @db.atomic()
    def merge_into(self, by, other):
        """Show this customer under the other one from now on; what was merged into it follows.
        Only who sets credit limits may let one rise by it."""
        by.must("write_customer", self)
        by.must("write_customer", other)
        self.id != other.id or refuse("merge_itself")
        by.assigns_customers or not self.limit_rises_under(other) or refuse("limit_rises")
        cls = type(self)
        stands = cls.select(cls.id).where(cls.id == other.id, cls.main.is_null())
        self._point(other, other, cls.merged_into.is_null() & fn.EXISTS(stands))
        ids = self._move_all_below(other)
        for follow in REGROUPED:
            follow(ids, self.id, other.id)
        self.record("merged", by, into=other.name)
        other.record("took_in", by, name=self.name)

    @db.atomic()
    def separate(self, by):
        """Show this customer by itself again, with what was merged into it before. Refused while a
        payment or credit of the one settles an invoice of the other. Only who sets credit limits
        may let one rise by it."""
        by.must("write_customer", self)
        was = self.main or refuse("not_merged")
        by.assigns_customers or not was.limit_rises_under(self) or refuse("limit_rises")
        ids = self.with_merged()
        others = set(self.group) - set(ids)
        for tie in TIES:
            tied = tie(ids, others)
            tied and refuse("merge_tied", name=tied)
        self._point(None, None, type(self).main == was.id)
        self._move_all_below(self)
        for follow in REGROUPED:
            follow(ids, was.id, self.id)
        self.record("separated", by, name=was.name)
        was.record("separated", by, name=self.name)

    def _point(self, into, main, condition):
        """Two people at once: the second finds that the condition does not hold any more."""
        cls = type(self)
        change = cls.update(merged_into=into, main=main).where(cls.id == self.id, condition)
        change.execute() or refuse("merged_meanwhile")
        self.merged_into, self.main = into, main
        self._dirty.clear()
        self.__dict__.pop("group", None)

    def _move_all_below(self, main):
        ids = self.with_merged()
        type(self).update(main=main).where(type(self).id.in_(ids[1:])).execute()
        return ids
