"""The index of words beside the rows: what an earlier version wrote, and what no longer fits."""

import pytest

from models.adapters import search
from models.adapters.search.rows import SearchEntry
from models.adapters.search.texts import IndexedText
from models.core.clock import now
from models.core.database import db
from models.customers import Customer
from models.operations import upkeep
from models.operations.backup import schema


def found(text, kind):
    return [ident for (ident,) in search.find(text, kind).tuples()]


def test_what_0_9_0_had_read_of_files_is_kept_and_found_by_the_new_rule(firm):
    text = IndexedText.create(
        kind="filing", ident=7, own=9, body="ar 1,200\n合计 12,000.50", at=now()
    )
    text.enter()
    with db.atomic():
        schema._apply(db.obj, "0002_search")
    upkeep.fill_new()
    assert IndexedText.get().parts() == ("ar 1200", "合计 12000.50")
    assert found("12,000.50", "filings") == found("合计 1200", "filings") == [7]
    assert search.differences() == [] and firm.a.id in found("北京甲", "customers")


def test_entries_of_rows_that_are_gone_are_told_wherever_they_lie(firm, monkeypatch):
    """The index is compared with the rows some at a time: between two rows, after the last, and
    of a kind that has no rows."""
    monkeypatch.setattr("models.adapters.search.rows.BATCH", 1)
    Customer.enter(firm.li, name="末位")
    ids_here = [i for (i,) in Customer.select(Customer.id).order_by(Customer.id).tuples()]
    Customer.update(id=ids_here[-1] + 9).where(Customer.id == ids_here[-1]).execute()
    after = ids_here[-1] + 20
    for kind, ref in (("customers", after), ("products", after)):
        SearchEntry.insert(kind=kind, ref=ref, words="\nx", pairs="").execute()
    told = set(search.differences())
    assert {
        f"search: customers {ids_here[-1]} is indexed but gone",
        f"search: customers {ids_here[-1] + 9} is not indexed as it stands",
        f"search: customers {after} is indexed but gone",
        f"search: products {after} is indexed but gone",
    } <= told


@pytest.mark.on_sqlite
def test_entries_of_an_earlier_version_move_to_the_range_of_their_kind(firm):
    """Whatever order they were entered in, those of one kind stand together."""
    for new, entry in enumerate(SearchEntry.select().order_by(SearchEntry.words), 1):
        SearchEntry.update(id=new).where(SearchEntry.id == entry.id).execute()
    assert search.differences() != []
    with db.atomic():
        db.execute_sql("DROP INDEX sales_day_newest")
        schema._apply(db.obj, "0057_newest_first")
    assert search.differences() == [] and firm.a.id in found("北京甲", "customers")
    kinds = [
        kind for (kind,) in SearchEntry.select(SearchEntry.kind).order_by(SearchEntry.id).tuples()
    ]
    assert kinds == sorted(kinds, key=search.rows.KINDS.index) and len(set(kinds)) > 2


def test_every_kind_has_a_range(firm):
    assert {cls.search_kind for cls in search.found_by_rows()} == set(search.rows.KINDS)
