"""Tax on what was invoiced, by rate and by month."""

from collections import namedtuple

from peewee import Case, fn

from models.documents import Document, Line
from models.documents.sales import COUNTS
from models.insights.lens import month_of

Row = namedtuple("Row", "key papers net tax")
SIGN = Case(Document.kind, [(kind, sign) for kind, (_basis, sign) in COUNTS.items()])


def by_rate(lens):
    """[Row] with key (kind of tax, rate), the highest rate first. The sums are those of the lines,
    so they equal what the documents say."""
    keys = Line.tax_kind, Line.rate
    rows = _sums(lens, Line, fn.COUNT(fn.DISTINCT(Document.id)), keys).join(Line)
    made = [
        Row((kind, rate), papers, int(net), int(tax))
        for kind, rate, papers, net, tax in rows.tuples()
    ]
    return sorted(made, key=lambda row: (-row.key[1], row.key[0]))


def by_month(lens):
    """[Row] with key "2026-11", the latest first. Each document has the sums of its lines, which
    need not be read for it."""
    rows = _sums(lens, Document, fn.COUNT(Document.id), (month_of(Document.issued_on),))
    made = [Row(month, papers, int(net), int(tax)) for month, papers, net, tax in rows.tuples()]
    return sorted(made, reverse=True)


def _sums(lens, of, papers, keys):
    sums = fn.SUM(of.net * SIGN), fn.SUM(of.tax * SIGN)
    return lens.documents().select(*keys, papers, *sums).group_by(*keys)
