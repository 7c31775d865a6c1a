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
    the reader has `seen` or of all; in two queries. Each series is counted in the index of its
    places: of all at once the database would read the rows."""
    voided = defaultdict(list)
    seen = Document.select() if seen is None else seen
    rows = seen.where(Document.series.is_null(False), Document.state == "voided")
    for document in rows.order_by(Document.series_position):
        voided[document.series_id].append(document)
    place = Document.series_position
    of_series = Document.select().where(Document.series == NumberSeries.id, place.is_null(False))
    number = of_series.select(Document.number).limit(1)
    rows = NumberSeries.select(
        NumberSeries,
        of_series.select(fn.COUNT(place)).alias("count"),
        number.order_by(place).alias("first"),
        number.order_by(place.desc()).alias("last_number"),
    )
    return [
        {
            "series": series,
            "first": series.first or "",
            "count": series.count,
            "last": series.last_number or "",
            "gaps": series.drawn - series.count,
            "voided": voided[series.id],
        }
        for series in rows.where(NumberSeries.kind.not_in(list(SERIES))).order_by(
            NumberSeries.kind, NumberSeries.period
        )
    ]
