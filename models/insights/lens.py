"""The lens of a report: whose customers, which currency and which days it looks at; and the same
lens a period or a year before."""

import calendar
import dataclasses
import datetime as dt

from peewee import SQL, fn

from models.company import Company
from models.core.clock import today
from models.core.database import db
from models.customers import Customer
from models.documents import Document, Line
from models.documents.sales import COUNTS, MONTH_OF, STANDING, SalesDay, SalesItem
from models.products import Product

PERIODS = ("12m", "month", "last_month", "quarter", "year", "last_year", "all")


def months_on(day, months):
    """The same day so many months later, or the last day of that month; the last day of a month
    gives the last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    year, end = min(max(year, 1), 9999), calendar.monthrange(min(max(year, 1), 9999), month + 1)[1]
    is_month_end = day.day == calendar.monthrange(day.year, day.month)[1]
    return dt.date(year, month + 1, end if is_month_end else min(day.day, end))


def month_of(column):
    """ "2026-11" of a day's column, on both databases."""
    # literals, as to PostgreSQL two parameters make two different expressions of GROUP BY
    month = fn.SUBSTR(column.cast("TEXT"), SQL("1"), SQL("7"))
    return month.coerce(False)  # else peewee tries to parse each value as a date


def days_of(name, day=None):
    """(first, last) of a named period up to the day."""
    day = day or today()
    first = day.replace(day=1)
    last_month = months_on(first, -1)
    return {
        "12m": (months_on(first, -11), day),
        "month": (first, day),
        "last_month": (last_month, first - dt.timedelta(days=1)),
        "quarter": (months_on(first, -((first.month - 1) % 3)), day),
        "year": (day.replace(month=1, day=1), day),
        "last_year": (dt.date(day.year - 1, 1, 1), dt.date(day.year - 1, 12, 31)),
        "all": (dt.date(1990, 1, 1), day),
    }[name]


@dataclasses.dataclass(frozen=True)
class Lens:
    """`basis` is invoice (less credit notes) or order; the fields after it are filters."""

    person: object
    first: dt.date
    last: dt.date
    currency: str
    basis: str = "invoice"
    owner: int = None
    customer: int = None
    category: str = None
    product: int = None
    group: frozenset = None  # only these customers
    goods: frozenset = None  # only these products

    @classmethod
    def of(cls, person, period="12m", currency=None, first=None, last=None, **more):
        """The lens of a named period, or of the days given."""
        since, until = days_of(period if period in PERIODS else "12m")
        return cls(
            person,
            first or since,
            max(last or until, first or since),
            currency or main_currency(),
            **more,
        )

    def replace(self, **changes):
        return dataclasses.replace(self, **changes)

    @property
    def months(self):
        """The number of calendar months, the first and the last perhaps in part."""
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    def before(self):
        """The lens of as many months, or else days, just before."""
        if self.first.day == 1:
            return self.replace(
                first=months_on(self.first, -self.months), last=months_on(self.last, -self.months)
            )
        length = self.last - self.first + dt.timedelta(days=1)
        return self.replace(first=self.first - length, last=self.first - dt.timedelta(days=1))

    def year_before(self):
        return self.replace(first=months_on(self.first, -12), last=months_on(self.last, -12))

    def customers(self):
        """Ids of the customers the person may see, as a query; None for all."""
        return (
            None if self.person is None or self.person.sees_all else self.person.sees.customer_ids()
        )

    @property
    def by_lines(self):
        """Whether the filters select single lines, not whole documents."""
        return not (self.product is None and self.category is None and self.goods is None)

    def days(self, *columns):
        """Rows of SalesDay, which has no products."""
        return self._narrow(SalesDay, SalesDay.select(*columns))

    def items(self, *columns):
        """Rows of SalesItem."""
        return self._narrow(SalesItem, SalesItem.select(*columns))

    def sums(self, table, names, keys=lambda table: ()):
        """{keys: [sums of the columns of these names]} in the lens's days of SalesDay or SalesItem.
        `keys` gives columns of that table, or of the one with its months: whole months are read
        from there, where the lens asks for nothing that it does not know."""
        found = {}
        for part, first, last in self._parts(table):
            key = keys(part)
            columns = [fn.COALESCE(fn.SUM(getattr(part, name)), 0) for name in names]
            query = self.replace(first=first, last=last)._narrow(part, part.select(*key, *columns))
            for row in db.execute(query.group_by(*key) if key else query).fetchall():
                here = map(int, row[len(key) :])
                old = found.get(row[: len(key)], [0] * len(names))
                found[row[: len(key)]] = [a + b for a, b in zip(old, here, strict=True)]
        return found

    def _parts(self, table):
        """[(table, first day, last day)]: days, whole months, days."""
        months = MONTH_OF[table]
        filters = (self.customer, self.group)
        filters += (self.owner, self.customers()) if table is SalesItem else ()
        begin = months_on(self.first.replace(day=1), int(self.first.day > 1))
        last_of_month = calendar.monthrange(self.last.year, self.last.month)[1]
        end = months_on(self.last.replace(day=1), int(self.last.day == last_of_month))
        if begin >= end or any(f is not None for f in filters):
            return [(table, self.first, self.last)]
        day = dt.timedelta(days=1)
        parts = (
            (table, self.first, begin - day),
            (months, begin, end - day),
            (table, end, self.last),
        )
        return [part for part in parts if part[1] <= part[2]]

    def _narrow(self, cls, query):
        query = query.where(
            cls.basis == self.basis,
            cls.currency == self.currency,
            cls.day.between(self.first, self.last),
        )
        for name in ("owner", "customer"):
            if getattr(self, name) is not None:
                query = query.where(getattr(cls, name) == getattr(self, name))
        if self.group is not None:
            query = query.where(cls.customer.in_(id_list_sql(self.group)))
        if cls in (SalesItem, MONTH_OF[SalesItem]):
            query = self._of_goods(cls, query)
        visible = self.customers()
        if visible is None:
            return query
        if cls is MONTH_OF[SalesDay]:
            return query.where(self.person.sees.owned_by_seen(cls.keeper))
        return query.where(cls.customer.in_(visible))

    def _of_goods(self, cls, query):
        if self.product is not None:
            query = query.where(cls.product == self.product)
        if self.goods is not None:
            query = query.where(cls.product.in_(id_list_sql(self.goods)))
        if self.category is not None:
            products = Product.select(Product.id).where(Product.category == self.category)
            of_category = cls.product.in_(products)
            query = query.where(
                of_category | (cls.product == 0) if self.category == "" else of_category
            )
        return query

    def documents(self):
        """Exactly the documents that the figures count."""
        kinds = [kind for kind, (basis, _) in COUNTS.items() if basis == self.basis]
        query = Document.select().where(
            Document.kind.in_(kinds),
            Document.state.in_(STANDING),
            Document.currency == self.currency,
            Document.issued_on.between(self.first, self.last),
        )
        if self.owner is not None:
            query = query.where(
                Document.owner == self.owner if self.owner else Document.owner.is_null()
            )
        if self.customer is not None:
            query = query.where(Document.customer.in_(Customer.one_with(self.customer)))
        if self.group is not None:
            query = query.where(Document.customer.in_(Customer.groups_of(id_list_sql(self.group))))
        if self.by_lines:
            query = query.where(Document.id.in_(self.lines().select(Line.document)))
        visible = self.customers()
        return query if visible is None else query.where(Document.customer.in_(visible))

    def lines(self):
        """The lines that the filters select, of any document."""
        lines = Line.select()
        if self.goods is not None:
            products = Line.product.in_(id_list_sql(self.goods))
            lines = lines.where(products | Line.product.is_null() if 0 in self.goods else products)
        if self.product is not None:
            lines = lines.where(
                Line.product == self.product if self.product else Line.product.is_null()
            )
        if self.category is not None:
            products = Product.select(Product.id).where(Product.category == self.category)
            lines = lines.where(
                (Line.product.in_(products) | Line.product.is_null())
                if self.category == ""
                else Line.product.in_(products)
            )
        return lines

    def net_of(self, documents):
        """Net of the documents, credit notes subtracted; only of the selected lines if the lens
        selects lines."""
        sign = {kind: way for kind, (_, way) in COUNTS.items()}
        if not self.by_lines:
            rows = documents.select(Document.kind, fn.SUM(Document.net)).group_by(Document.kind)
        else:
            rows = (
                self.lines()
                .select(Document.kind, fn.SUM(Line.net))
                .join(Document)
                .where(Document.id.in_(documents.select(Document.id)))
                .group_by(Document.kind)
            )
        return sum(sign[kind] * int(net) for kind, net in rows.tuples())


def id_list_sql(ids):
    """A list of ids as SQL literals, as a database takes only so many parameters."""
    return SQL(f"({','.join(str(int(i)) for i in sorted(ids)) or 'NULL'})")


def currencies():
    """Currencies in which something was sold, the firm's first. Reads one index entry per currency,
    not every row."""
    company, used = Company.current(), set()
    for basis in {basis for basis, _ in COUNTS.values()}:
        last = ""
        while (
            last := SalesDay.select(fn.MIN(SalesDay.currency))
            .where(SalesDay.basis == basis, SalesDay.currency > last)
            .scalar()
        ):
            used.add(last)
    company_currency = company.currency if company else "CNY"
    return sorted(used, key=lambda c: (c != company_currency, c)) or [company_currency]


def main_currency():
    return currencies()[0]
