"""Sales by day, kept in step inside issue, void and import, so that a year is read in milliseconds;
can be made anew."""

import datetime as dt
from decimal import Decimal

import peewee as pw

from models.core.database import db
from models.core.fields import MoneyField, QuantityField
from models.core.model import Model
from models.core.money import digits, round_half_up
from models.documents.invoice import counts
from models.documents.line import Line, amounts

STANDING = ("issued", "archived")
# What counts, and how: an invoice is a sale and its credit note takes it back; orders stand apart
# as what was asked for.
COUNTS = {"invoice": ("invoice", 1), "credit_note": ("invoice", -1), "order": ("order", 1)}
HEAD = ("day", "basis", "currency", "customer", "owner")
SUMS = ("papers", "credits", "net", "discount", "cost", "costed")
ITEM = (*HEAD, "product")
ITEM_SUMS = ("lines", "net", "quantity", "cost", "costed")


class SalesDay(Model):
    """One customer's papers of one day and salesperson (0: none): net without tax, `discount` what
    was taken off before tax, `cost` of the part (`costed`, net) whose cost is known."""

    day = pw.DateField()
    basis = pw.CharField(max_length=10)
    currency = pw.CharField(max_length=3)
    customer = pw.IntegerField()
    owner = pw.IntegerField()
    papers = pw.IntegerField(default=0)
    credits = pw.IntegerField(default=0)
    net = MoneyField(default=0)
    discount = MoneyField(default=0)
    cost = MoneyField(default=0)
    costed = MoneyField(default=0)

    class Meta:
        indexes = (
            (("basis", "currency", "day", "customer", "owner"), True),
            (("customer", "basis", "currency", "day"), False),
        )


class SalesItem(Model):
    """The same by product (0: written freely)."""

    day = pw.DateField()
    basis = pw.CharField(max_length=10)
    currency = pw.CharField(max_length=3)
    customer = pw.IntegerField()
    owner = pw.IntegerField()
    product = pw.IntegerField()
    lines = pw.IntegerField(default=0)
    net = MoneyField(default=0)
    quantity = QuantityField(default=0)
    cost = MoneyField(default=0)
    costed = MoneyField(default=0)

    class Meta:
        indexes = (
            (("basis", "currency", "day", "customer", "owner", "product"), True),
            (("product", "basis", "currency", "day"), False),
            (("customer", "basis", "currency", "day"), False),
        )


def add(document, way=1):
    """Count an issued paper; with -1 take it off again."""
    if document.kind not in COUNTS:
        return
    Document, heads, items = _documents(), {}, {}
    _count(_rows(Document.id == document.id), heads, items)
    _keep(SalesDay, HEAD, SUMS, heads, way, "papers", "credits")
    _keep(SalesItem, ITEM, ITEM_SUMS, items, way, "lines")


def _documents():
    """The table of documents, whose abilities stand above this file."""
    return Line.document.rel_model


def take_off(document):
    add(document, -1)


def line_cost(quantity, cost, currency):
    """What a quantity costs us, in minor units."""
    return round_half_up((Decimal(quantity) * cost).scaleb(digits(currency) - 8))


def _rows(*narrowed):
    """The lines of the papers with what is needed of their heads, in order of the papers."""
    Document = _documents()
    return (
        Document.select(
            Document.id,
            Document.kind,
            Document.issued_on,
            Document.currency,
            Document.customer,
            Document.owner,
            Document.net,
            Document.discount,
            Document.prices_include_tax,
            Line.product,
            Line.quantity,
            Line.price,
            Line.discount,
            Line.rate,
            Line.net,
            Line.cost,
        )
        .join(Line, pw.JOIN.LEFT_OUTER)
        .where(*narrowed)
        .order_by(Document.id)
        .tuples()
    )


def _count(rows, heads, items):
    """Add the rows up into {key: sums}."""
    last = None
    for row in rows:
        (
            ident,
            kind,
            day,
            currency,
            customer,
            owner,
            net,
            off,
            include,
            product,
            quantity,
            price,
            line_off,
            rate,
            line_net,
            unit_cost,
        ) = row
        basis, sign = COUNTS[kind]
        key = (day, basis, currency, customer, owner or 0)
        sums = heads.setdefault(key, [0] * len(SUMS))
        if ident != last:
            last = ident
            sums[0 if sign > 0 else 1] += 1
            sums[2] += sign * net
        if quantity is None:
            continue
        if off or line_off:
            sums[3] += sign * (
                amounts(quantity, price, 0, rate, 0, currency, include)[0] - line_net
            )
        cost = None if unit_cost is None else line_cost(quantity, unit_cost, currency)
        part = items.setdefault((*key, product or 0), [0] * len(ITEM_SUMS))
        part[0] += 1
        part[1] += sign * line_net
        part[2] += sign * quantity
        if cost is not None:
            sums[4] += sign * cost
            sums[5] += sign * line_net
            part[3] += sign * cost
            part[4] += sign * line_net


def _keep(cls, keys, sums, found, way, *counts):
    for key, values in found.items():
        row = dict(zip((*keys, *sums), (*key, *(way * v for v in values)), strict=True))
        cls.insert(**row).on_conflict(
            conflict_target=[getattr(cls, k) for k in keys],
            update={getattr(cls, s): getattr(cls, s) + getattr(pw.EXCLUDED, s) for s in sums},
        ).execute()
    if way < 0:
        for key in found:
            cls.delete().where(
                *[getattr(cls, k) == v for k, v in zip(keys, key, strict=True)],
                *[getattr(cls, c) == 0 for c in counts],
            ).execute()


def _months():
    """The first and last day of each month in which a counted paper was issued."""
    Document = _documents()
    first, last = (
        Document.select(pw.fn.MIN(Document.issued_on), pw.fn.MAX(Document.issued_on))
        .where(Document.kind.in_(list(COUNTS)), Document.issued_on.is_null(False))
        .scalar(as_tuple=True)
    )
    first, last = [dt.date.fromisoformat(d) if isinstance(d, str) else d for d in (first, last)]
    while first and first <= last:
        after = (first.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
        yield first.replace(day=1), after - dt.timedelta(days=1)
        first = after


def _month(first, last):
    Document, heads, items = _documents(), {}, {}
    _count(
        _rows(
            Document.kind.in_(list(COUNTS)),
            counts(Document),
            Document.issued_on.between(first, last),
        ),
        heads,
        items,
    )
    return heads, items


@db.atomic()
def rebuild():
    """Write both tables anew from the papers, month by month. Returns how many rows there are."""
    SalesDay.delete().execute()
    SalesItem.delete().execute()
    count = 0
    for first, last in list(_months()):
        for cls, names, found in zip(
            (SalesDay, SalesItem),
            ((*HEAD, *SUMS), (*ITEM, *ITEM_SUMS)),
            _month(first, last),
            strict=True,
        ):
            rows = [(*key, *values) for key, values in found.items()]
            for at in range(0, len(rows), 1000):
                cls.insert_many(
                    rows[at : at + 1000], fields=[getattr(cls, n) for n in names]
                ).execute()
            count += len(rows)
    return count


def differences(most=20):
    """Sentences on days that do not say what the papers say: what a rebuild would mend."""
    found, seen = [], 0
    for first, last in list(_months()):
        for cls, keys, sums, right in zip(
            (SalesDay, SalesItem),
            (HEAD, ITEM),
            (SUMS, ITEM_SUMS),
            _month(first, last),
            strict=True,
        ):
            kept = {
                row[: len(keys)]: list(row[len(keys) :])
                for row in cls.select(*[getattr(cls, n) for n in (*keys, *sums)])
                .where(cls.day.between(first, last))
                .tuples()
            }
            seen += len(kept)
            found += [
                f"{cls.__name__}: {key} says {kept.get(key)}, the papers say {right.get(key)}"
                for key in kept.keys() | right.keys()
                if kept.get(key) != right.get(key)
            ]
    beside = SalesDay.select().count() + SalesItem.select().count() - seen
    return (
        found + [f"sales summaries: {beside} rows belong to no month with papers"] * bool(beside)
    )[:most]
