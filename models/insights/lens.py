"""Through whose eyes, in which currency and over which days figures are read; and the same a period
or a year before."""

import calendar
import dataclasses
import datetime as dt

from peewee import SQL, fn

from models.company import Company
from models.core.clock import today
from models.customers import Customer
from models.documents import Document, Line
from models.documents.sales import COUNTS, STANDING, SalesDay, SalesItem
from models.products import Product

PERIODS = ("12m", "month", "last_month", "quarter", "year", "last_year", "all")


def months_on(day, months):
    """The same day so many months on, or the last of its month; a month's last day stays one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    year, end = min(max(year, 1), 9999), calendar.monthrange(min(max(year, 1), 9999), month + 1)[1]
    whole = day.day == calendar.monthrange(day.year, day.month)[1]
    return dt.date(year, month + 1, end if whole else min(day.day, end))


def month_of(column):
    """ "2026-11" of a day's column, on both databases."""
    month = fn.SUBSTR(
        column.cast("TEXT"), SQL("1"), SQL("7")
    )  # literals: PostgreSQL holds two parameters for two expressions
    return month.coerce(False)  # else peewee tries every format of a day on each


def days_of(name, day=None):
    """(first, last) of a named period up to the day."""
    day = day or today()
    first = day.replace(day=1)
    ago = months_on(first, -1)
    return {
        "12m": (months_on(first, -11), day),
        "month": (first, day),
        "last_month": (ago, first - dt.timedelta(days=1)),
        "quarter": (months_on(first, -((first.month - 1) % 3)), day),
        "year": (day.replace(month=1, day=1), day),
        "last_year": (dt.date(day.year - 1, 1, 1), dt.date(day.year - 1, 12, 31)),
        "all": (dt.date(1990, 1, 1), day),
    }[name]


@dataclasses.dataclass(frozen=True)
class Lens:
    """One way to look. `basis` is invoice (less credit notes) or order; the rest narrows."""

    person: object
    first: dt.date
    last: dt.date
    currency: str = "CNY"
    basis: str = "invoice"
    owner: int = None
    customer: int = None
    category: str = None
    product: int = None
    group: frozenset = None  # only these customers
    goods: frozenset = None  # only these products

    @classmethod
    def of(cls, person, period="12m", currency=None, first=None, last=None, **more):
        """A named period, or the days given."""
        since, until = days_of(period if period in PERIODS else "12m")
        return cls(
            person,
            first or since,
            max(last or until, first or since),
            currency or main_currency(),
            **more,
        )

    def moved(self, **changes):
        return dataclasses.replace(self, **changes)

    @property
    def months(self):
        """How many calendar months the days touch."""
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    def before(self):
        """As many months, or else days, just before."""
        if self.first.day == 1:
            return self.moved(
                first=months_on(self.first, -self.months), last=months_on(self.last, -self.months)
            )
        length = self.last - self.first + dt.timedelta(days=1)
        return self.moved(first=self.first - length, last=self.first - dt.timedelta(days=1))

    def year_before(self):
        return self.moved(first=months_on(self.first, -12), last=months_on(self.last, -12))

    def customers(self):
        """Ids of the customers the person sees, as a query; None for everybody's."""
        return (
            None
            if self.person is None or self.person.sees_all
            else self.person.sees.customers().select(Customer.id)
        )

    @property
    def by_lines(self):
        """Whether single lines are asked for and not whole papers."""
        return not (self.product is None and self.category is None and self.goods is None)

    def days(self, *columns):
        """Rows of SalesDay; not to be asked for a product."""
        return self._narrow(SalesDay, SalesDay.select(*columns))

    def items(self, *columns):
        """Rows of SalesItem."""
        found = self._narrow(SalesItem, SalesItem.select(*columns))
        if self.product is not None:
            found = found.where(SalesItem.product == self.product)
        if self.goods is not None:
            found = found.where(SalesItem.product.in_(id_list_sql(self.goods)))
        if self.category is not None:
            here = Product.select(Product.id).where(Product.category == self.category)
            found = found.where(
                (SalesItem.product.in_(here) | (SalesItem.product == 0))
                if self.category == ""
                else SalesItem.product.in_(here)
            )
        return found

    def _narrow(self, cls, found):
        found = found.where(
            cls.basis == self.basis,
            cls.currency == self.currency,
            cls.day.between(self.first, self.last),
        )
        for name in ("owner", "customer"):
            if getattr(self, name) is not None:
                found = found.where(getattr(cls, name) == getattr(self, name))
        if self.group is not None:
            found = found.where(cls.customer.in_(id_list_sql(self.group)))
        seen = self.customers()
        return found if seen is None else found.where(cls.customer.in_(seen))

    def papers(self):
        """The documents behind the figures, exactly those that are counted."""
        kinds = [kind for kind, (basis, _) in COUNTS.items() if basis == self.basis]
        found = Document.select().where(
            Document.kind.in_(kinds),
            Document.state.in_(STANDING),
            Document.currency == self.currency,
            Document.issued_on.between(self.first, self.last),
        )
        if self.owner is not None:
            found = found.where(
                Document.owner == self.owner if self.owner else Document.owner.is_null()
            )
        if self.customer is not None:
            found = found.where(Document.customer == self.customer)
        if self.group is not None:
            found = found.where(Document.customer.in_(id_list_sql(self.group)))
        if self.by_lines:
            found = found.where(Document.id.in_(self.lines().select(Line.document)))
        seen = self.customers()
        return found if seen is None else found.where(Document.customer.in_(seen))

    def lines(self):
        """The lines asked for, of whatever paper."""
        lines = Line.select()
        if self.goods is not None:
            here = Line.product.in_(id_list_sql(self.goods))
            lines = lines.where(here | Line.product.is_null() if 0 in self.goods else here)
        if self.product is not None:
            lines = lines.where(
                Line.product == self.product if self.product else Line.product.is_null()
            )
        if self.category is not None:
            here = Product.select(Product.id).where(Product.category == self.category)
            lines = lines.where(
                (Line.product.in_(here) | Line.product.is_null())
                if self.category == ""
                else Line.product.in_(here)
            )
        return lines

    def worth(self, papers):
        """Net of the papers as they are counted, a credit note less; of the product's or category's
        lines where one is asked."""
        sign = {kind: way for kind, (_, way) in COUNTS.items()}
        if not self.by_lines:
            rows = papers.select(Document.kind, fn.SUM(Document.net)).group_by(Document.kind)
        else:
            rows = (
                self.lines()
                .select(Document.kind, fn.SUM(Line.net))
                .join(Document)
                .where(Document.id.in_(papers.select(Document.id)))
                .group_by(Document.kind)
            )
        return sum(sign[kind] * int(net) for kind, net in rows.tuples())


def id_list_sql(idents):
    """A list of ids as SQL: more than a database takes as parameters."""
    return SQL(f"({','.join(str(int(i)) for i in sorted(idents)) or 'NULL'})")


def currencies():
    """Currencies in which something was sold, the firm's first. Read by steps along the index, not
    row by row."""
    firm, found = Company.current(), set()
    for basis in {basis for basis, _ in COUNTS.values()}:
        last = ""
        while (
            last := SalesDay.select(fn.MIN(SalesDay.currency))
            .where(SalesDay.basis == basis, SalesDay.currency > last)
            .scalar()
        ):
            found.add(last)
    own = firm.currency if firm else "CNY"
    return sorted(found, key=lambda c: (c != own, c)) or [own]


def main_currency():
    return currencies()[0]
