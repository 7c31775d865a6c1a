"""Where a word is short or many rows hold it, another way of looking finds the same."""

from models.adapters import search
from models.adapters.search.word_index import on_sqlite
from models.customers import Customer
from models.documents import Document
from tests.models.test_search import TEXTS, trade  # noqa: F401


def test_a_short_word_is_known_by_the_trigrams_that_begin_with_it(trade):  # noqa: F811
    texts = {
        plain for d in Document.select() for plain in map(search.plain, (d.number, d.reference))
    }
    parts = {text[i : i + n] for text in texts for n in (1, 2) for i in range(len(text))}
    known = 0
    for part in parts | {"h", "hx", "华", "%", "_", '"', "é", "1"}:
        found = search.few_with_short(part, "documents", 1000)
        held = {
            d.id
            for d in Document.select()
            if any(part in search.plain(text) for text in (d.number, d.reference))
        }
        assert found is None or set(found) >= held, part
        known += found is not None
    assert known > 10 or not on_sqlite()
    assert search.few_with_short("po", "documents", 1) is None
    assert search.few_with_short("hx", "documents", 1000) in ([], None)


def test_the_same_comes_first_when_many_rows_are_found(trade, monkeypatch):  # noqa: F811
    Customer.enter(trade.li, name="老华信文具", code="L1")

    def found(many, most):
        monkeypatch.setattr(search.rows, "MANY", many)
        for text in TEXTS:
            for kind, rows in search.seen_by(trade.fang, text, most):
                yield text, kind, [row.id for row in rows]

    assert list(found(0, 50)) == list(found(2000, 50))
    assert list(found(0, 1)) == list(found(2000, 1))
