"""Sales totals per day and per month, so that reports over a year take milliseconds.

Issue, void and import update them in their own transactions; `rebuild` computes them again."""

import datetime as dt
from decimal import Decimal

import peewee as pw

from models.core.database import db, one_snapshot
from models.core.dates import as_day
from models.core.fields import MoneyField, QuantityField
from models.core.model import Model
from models.core.money import digits, round_half_up
from models.core.portions import insert
from models.core.prepared import prepared
from models.customers import Customer
from models.customers.customer import HANDED_OVER
from models.customers.merge import REGROUPED
from models.documents.invoice import counts
from models.documents.line import Line, amounts

STANDING = ("issued", "archived")
# {kind: (basis, sign)}: an invoice adds to sales and a credit note subtracts from them; orders are
# counted on a basis of their own.
COUNTS = {"invoice": ("invoice", 1), "credit_note": ("invoice", -1), "order": ("order", 1)}
# What is read of a document, besides its id and after the third its main customer and whose that is
# now, and of each line.
HEAD = "kind issued_on currency owner import_id net discount prices_include_tax".split()
LINE = "product quantity price discount rate net cost".split()
DAY_KEYS = ("day", "basis", "currency", "customer", "owner", "import_id")
ITEM_KEYS = (*DAY_KEYS, "product")
MONTH_KEYS = ("day", "basis", "currency", "owner", "keeper", "import_id")
ITEM_MONTH_KEYS = ("day", "basis", "currency", "product", "import_id")
# `net` is without tax, `discount` before tax; `cost` covers only the lines whose cost is known,
# with the net total `costed`.
DAY_SUMS = {"papers": pw.IntegerField, "credits": pw.IntegerField}
DAY_SUMS |= dict.fromkeys(("net", "discount", "cost", "costed"), MoneyField)
ITEM_SUMS = {"lines": pw.IntegerField, "net": MoneyField, "quantity": QuantityField}
ITEM_SUMS |= dict.fromkeys(("cost", "costed"), MoneyField)


def summing(sums, *ids):
    """A table of these sums by day, basis, currency and these ids (0: none); those of an import
    apart, so that they can be published and undone at once."""

    def made(cls):
        columns = {"day": pw.DateField(), "basis": pw.CharField(max_length=10)}
        columns |= {"currency": pw.CharField(max_length=3)}
        columns |= {name: pw.IntegerField() for name in ids}
        columns |= {"import_id": pw.IntegerField(default=0)}
        columns |= {name: field(default=0) for name, field in sums.items()}
        for name, field in columns.items():
            cls._meta.add_field(name, field)
        return cls

    return made


@summing(DAY_SUMS, "customer", "owner")
class SalesDay(Model):
    """Totals of one customer's documents of one day and salesperson."""

    class Meta:
        hidden_by = "import_id"
        indexes = (
            (("basis", "currency", "day", "customer", "owner", "import_id"), True),
            # all that is asked of one customer: first and last purchase, rhythm, net
            (("customer", "basis", "currency", "day", "papers", "net", "import_id"), False),
        )

    @classmethod
    def has_invoices(cls):
        """The condition that there are invoices, in the words of the partial index."""
        return (cls.basis == pw.SQL("'invoice'")) & (cls.papers > pw.SQL("0"))


@summing(ITEM_SUMS, "customer", "owner", "product")
class SalesItem(Model):
    """The same per product (0: a line without a product)."""

    class Meta:
        hidden_by = "import_id"
        indexes = (
            (("basis", "currency", "day", "customer", "owner", "product", "import_id"), True),
            (("product", "basis", "currency", "day", "customer", "import_id"), False),
            (("customer", "basis", "currency", "day"), False),
        )


@summing(DAY_SUMS, "owner", "keeper")
class SalesMonth(Model):
    """The totals of SalesDay by month, salesperson and keeper, whose customer the buyer is now, so
    that nobody looks up their customers; `day` is the first of the month."""

    class Meta:
        hidden_by = "import_id"
        indexes = ((("basis", "currency", "day", "owner", "keeper", "import_id"), True),)


@summing(ITEM_SUMS, "product")
class SalesItemMonth(Model):
    """The totals of SalesItem by month and product; `day` is the first of the month."""

    class Meta:
        hidden_by = "import_id"
        indexes = ((("basis", "currency", "day", "product", "import_id"), True),)


# (table, its keys, its sums, those that count: a row where they are 0 is deleted)
TABLES = (
    (SalesDay, DAY_KEYS, DAY_SUMS, ("papers", "credits")),
    (SalesItem, ITEM_KEYS, ITEM_SUMS, ("lines",)),
    (SalesMonth, MONTH_KEYS, DAY_SUMS, ("papers", "credits")),
    (SalesItemMonth, ITEM_MONTH_KEYS, ITEM_SUMS, ("lines",)),
)
MONTH_OF = {SalesDay: SalesMonth, SalesItem: SalesItemMonth}


def add(document, sign=1, lines=None):
    """Add an issued document to the totals; with sign -1 subtract it. `lines`: its lines, where the
    transaction has read both already."""
    if document.kind not in COUNTS:
        return
    found = _sums(_of_one(document.id) if lines is None else _as_rows(document, lines))
    for (cls, keys, sums, counts_), rows in zip(TABLES, found, strict=True):
        _store(cls, keys, sums, rows, sign, *counts_)


def of_imported(first, last, step):
    """[(table, keys, names, rows)] of what the imported documents with these ids add: by day of
    each `step` documents, then by month of them all."""
    Document, months = _documents(), ({}, {})
    for start in range(first, last + 1, step):
        these = Document.id.between(start, min(start + step - 1, last))
        heads, items, *of_months = _sums(_read(these, Document.kind.in_(list(COUNTS))))
        for whole, part in zip(months, of_months, strict=True):
            for key, values in part.items():
                _add_up(whole, key, values)
        yield from _imported(TABLES[:2], (heads, items))
    yield from _imported(TABLES[2:], months)


def _imported(tables, found):
    for (cls, keys, sums, _counts), rows in zip(tables, found, strict=True):
        yield cls, keys, (*keys, *sums), [(*k, *v) for k, v in rows.items()]


def _documents():
    """The Document model, which imports this file and so cannot be imported here."""
    return Line.document.rel_model


def take_off(document):
    add(document, -1)


def move(customers, before, after):
    """Let what these customers bought count for the main one `after`, no longer for `before`."""
    Document = _documents()
    heads, items, *_months = _sums(_read(Document.customer.in_(customers), *_counted(Document)))
    both = Customer.select(Customer.id, Customer.owner).where(Customer.id.in_((before, after)))
    keepers, place = dict(both.tuples()), DAY_KEYS.index("customer")
    for customer, sign in ((before, -1), (after, 1)):
        moved = [
            {(*k[:place], customer, *k[place + 1 :]): v for k, v in found.items()}
            for found in (heads, items)
        ]
        moved.append(_by_month(moved[0], DAY_KEYS, MONTH_KEYS, keepers))
        for (cls, keys, sums, counts_), rows in zip(TABLES[:3], moved, strict=True):
            _store(cls, keys, sums, rows, sign, *counts_)


def hand_over(customer, before, after):
    """Let the months of what this customer bought count for its keeper `after`, no longer for
    `before`."""
    days = _stored(SalesDay, DAY_KEYS, DAY_SUMS, SalesDay.customer == customer)
    for keeper, sign in ((before, -1), (after, 1)):
        months = _by_month(days, DAY_KEYS, MONTH_KEYS, {customer: keeper})
        _store(SalesMonth, MONTH_KEYS, DAY_SUMS, months, sign, "papers", "credits")


def keep_imported(import_id):
    """Compute the months of an import again, since customers were handed over while it was read."""
    SalesMonth.delete().where(SalesMonth.import_id == import_id).execute()
    days = _stored(SalesDay, DAY_KEYS, DAY_SUMS, SalesDay.import_id == import_id)
    keepers = dict(Customer.select(Customer.id, Customer.owner).tuples())
    months = _by_month(days, DAY_KEYS, MONTH_KEYS, keepers)
    _store(SalesMonth, MONTH_KEYS, DAY_SUMS, months, 1)


def line_cost(quantity, cost, currency):
    """The cost of a quantity, in minor units."""
    return round_half_up((Decimal(quantity) * cost).scaleb(digits(currency) - 8))


def _rows(*conditions):
    """The lines of the documents with the needed columns of their documents, ordered by
    document."""
    Document, main = _documents(), Customer.alias()
    return (
        Document.select(
            Document.id,
            *[getattr(Document, name) for name in HEAD[:3]],
            *(main.id, main.owner),
            *[getattr(Document, name) for name in HEAD[3:]],
            *[getattr(Line, name) for name in LINE],
        )
        .join(Line, pw.JOIN.LEFT_OUTER)
        .switch(Document)
        .join(Customer)
        .join(main, on=(main.id == pw.fn.COALESCE(Customer.main, Customer.id)))
        .where(*conditions)
        .order_by(Document.id)
    )


@prepared
def _of_one(document):
    return _rows(_documents().id == document).namedtuples()


def _as_rows(document, lines):
    """The same without asking."""
    values, main = document.__data__, document.customer.leading
    head = [document.id, *(values[name] for name in HEAD[:3]), main.id, main.owner_id]
    head += [values[name] for name in HEAD[3:]]
    rows = [(*head, *(line.__data__[name] for name in LINE)) for line in lines]
    return rows or [(*head, *[None] * len(LINE))]


def _read(*conditions):
    """The rows as the database has them: converting 18 columns took longer than all else."""
    return db.execute(_rows(*conditions)).fetchall()


def _sums(rows):
    """{key: sums} of these documents' rows for each of the TABLES."""
    heads, items = {}, {}
    keepers = _count(rows, heads, items)
    return (
        heads,
        items,
        _by_month(heads, DAY_KEYS, MONTH_KEYS, keepers),
        _by_month(items, ITEM_KEYS, ITEM_MONTH_KEYS, keepers),
    )


def _by_month(found, keys, kept, keepers):
    """`keepers`: {customer: keeper, or None}."""
    places, months = [(*keys, "keeper").index(name) for name in kept[1:]], {}
    customer = keys.index("customer")
    for key, values in found.items():
        whole = (*key, keepers[key[customer]] or 0)
        _add_up(months, (key[0].replace(day=1), *(whole[i] for i in places)), values)
    return months


def _add_up(found, key, values):
    found[key] = (
        [a + b for a, b in zip(found[key], values, strict=True)] if key in found else values
    )


def _count(rows, heads, items):
    """Add the rows to the sums in `heads` and `items`, both {key: sums}. Returns the keepers."""
    last, keepers = None, {}
    for row in rows:
        ident, kind, day, currency, customer, keeper, owner, import_id, net, discount, *more = row
        include_tax, product, quantity, price, line_discount, rate, line_net, unit_cost = more
        keepers[customer] = keeper
        basis, sign = COUNTS[kind]
        key = (as_day(day), basis, currency, customer, owner or 0, import_id)
        sums = heads.setdefault(key, [0] * len(DAY_SUMS))
        if ident != last:
            last = ident
            sums[0 if sign > 0 else 1] += 1
            sums[2] += sign * net
        if quantity is None:
            continue
        if discount or line_discount:
            sums[3] += sign * (
                amounts(quantity, price, 0, rate, 0, currency, include_tax)[0] - line_net
            )
        cost = None if unit_cost is None else line_cost(quantity, unit_cost, currency)
        item = items.setdefault((*key, product or 0), [0] * len(ITEM_SUMS))
        item[0] += 1
        item[1] += sign * line_net
        item[2] += sign * quantity
        if cost is not None:
            sums[4] += sign * cost
            sums[5] += sign * line_net
            item[3] += sign * cost
            item[4] += sign * line_net
    return keepers


def _store(cls, keys, sums, found, sign, *counts):
    """Add the sums to the rows of the table; rows whose counts become 0 are deleted."""
    rows = [(*key, *(sign * value for value in values)) for key, values in found.items()]
    insert(cls, [getattr(cls, name) for name in (*keys, *sums)], rows, adding=keys)
    if sign < 0:
        for key in found:
            cls.delete().where(
                *[getattr(cls, k) == v for k, v in zip(keys, key, strict=True)],
                *[getattr(cls, c) == 0 for c in counts],
            ).execute()


def _months():
    """(first day, last day) of each month from the first to the last counted document."""
    Document = _documents()
    first, last = (
        Document.select(pw.fn.MIN(Document.issued_on), pw.fn.MAX(Document.issued_on))
        .where(Document.kind.in_(list(COUNTS)), Document.issued_on.is_null(False))
        .scalar(as_tuple=True)
    )
    first, last = map(as_day, (first, last))
    while first and first <= last:
        after = (first.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
        yield first.replace(day=1), after - dt.timedelta(days=1)
        first = after


def _counted(Document):
    return Document.kind.in_(list(COUNTS)), counts(Document), Document.issued_on.is_null(False)


def _month(first, last):
    Document = _documents()
    return _sums(_read(*_counted(Document), Document.issued_on.between(first, last)))


@db.atomic()
def rebuild():
    """Compute the tables again from the documents, month by month. Returns the number of rows."""
    for cls, *_ in TABLES:
        cls.delete().where(pw.SQL(cls._meta.is_published)).execute()
    count = 0
    for first, last in list(_months()):
        for (cls, keys, sums, _counts), found in zip(TABLES, _month(first, last), strict=True):
            rows = [(*key, *values) for key, values in found.items()]
            for start in range(0, len(rows), 1000):
                cls.insert_many(
                    rows[start : start + 1000], fields=[getattr(cls, n) for n in (*keys, *sums)]
                ).execute()
            count += len(rows)
    return count


def fill_empty():
    """Compute the tables after a restore of a backup that has not got all of them."""
    Document = _documents()
    filled = SalesDay.select().exists() and SalesMonth.select().exists()
    if not filled and Document.select().where(*_counted(Document)).exists():
        rebuild()


@one_snapshot()
def differences(most=20):
    """A sentence for each row that differs from the documents; `rebuild` repairs them."""
    found, seen = [], 0
    currencies = {
        cls: [currency for (currency,) in cls.select(cls.currency).distinct().tuples()]
        for cls, *_ in TABLES
    }
    for first, last in list(_months()):
        for (cls, keys, sums, _counts), expected in zip(TABLES, _month(first, last), strict=True):
            these = cls.currency.in_(currencies[cls]) & cls.day.between(first, last)
            stored = _stored(cls, keys, sums, these)
            seen += len(stored)
            found += [
                f"{cls.__name__}: {key} says {stored.get(key)}, "
                f"the documents say {expected.get(key)}"
                for key in stored.keys() | expected.keys()
                if stored.get(key) != expected.get(key)
            ]
    others = sum(cls.select().count() for cls, *_ in TABLES) - seen
    return (
        found + [f"sales summaries: {others} rows belong to no month with documents"] * bool(others)
    )[:most]


def _stored(cls, keys, sums, condition):
    """{key: sums} as the database has them. The bases are named, as the index begins with them."""
    query = cls.select(*[getattr(cls, name) for name in (*keys, *sums)])
    bases = {basis for basis, _sign in COUNTS.values()}
    rows, n = db.execute(query.where(cls.basis.in_(sorted(bases)), condition)), len(keys)
    return {(as_day(row[0]), *row[1:n]): list(row[n:]) for row in rows.fetchall()}


REGROUPED.append(move)
HANDED_OVER.append(hand_over)
