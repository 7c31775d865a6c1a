"""The number book: each series of documents from its first to its last number."""

from collections import defaultdict

from peewee import fn

from models.core.database import one_snapshot
from models.documents import Document
from models.numbering import NumberSeries
from models.operations.checks import SERIES


@one_snapshot()
def number_book(seen=None):
    """One row per series: its first and last number, gaps, and the voided documents, of those that
    the reader has `seen` or of all; in four queries."""
    position, of_series = Document.series_position, Document.series.is_null(False)
    counts = Document.select(
        Document.series, fn.COUNT(position), fn.MIN(position), fn.MAX(position)
    ).where(of_series)
    counts = {key: found for key, *found in counts.group_by(Document.series).tuples()}
    numbers = _numbers({(key, end) for key, (_n, *ends) in counts.items() for end in ends})
    voided = defaultdict(list)
    seen = Document.select() if seen is None else seen
    for document in seen.where(of_series, Document.state == "voided").order_by(position):
        voided[document.series_id].append(document)
    rows = NumberSeries.select().where(NumberSeries.kind.not_in(list(SERIES)))
    return [
        {
            "series": series,
            "first": numbers.get((series.id, first), ""),
            "count": count,
            "last": numbers.get((series.id, last), ""),
            "gaps": series.drawn - count,
            "voided": voided[series.id],
        }
        for series in rows.order_by(NumberSeries.kind, NumberSeries.period)
        for count, first, last in [counts.get(series.id, (0, None, None))]
    ]


def _numbers(places):
    """{(series, position): number} of these."""
    rows = Document.select(Document.series, Document.series_position, Document.number).where(
        Document.series.is_null(False),
        Document.series_position.in_({position for _series, position in places}),
    )
    return {(s, p): number for s, p, number in rows.tuples() if (s, p) in places}
