"""Repair on both databases: what is harmed behind the journal's back comes back from a backup by
one command."""

import random

import pytest

from jobs import daily
from models.adapters import blobs
from models.core.database import db
from models.core.journal import Event
from models.documents import Document, Line
from models.operations.backup import Place, place_check, repair, run, snapshot
from models.payments import Payment
from tests.support.sets import fully

KEY = "k" * 40


@pytest.fixture
def trade(firm, tmp_path):
    invoice = firm.printed(price="20000", note="a note")
    Payment.receive(firm.fang, firm.a, "CNY", 100, allocations=[(invoice, 100)])
    Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "")
    run.run_due()
    assert Place.get().trouble == ""
    return invoice


def check():
    daily.check(snapshot.folder(), KEY)


def test_one_bit_in_any_whole_number_of_the_trade_is_named_and_mended(trade):
    dice, tried = random.Random(3), 0
    check()
    for cls, columns in (
        (Document, ("net", "tax", "total", "terms_days", "version")),
        (Line, ("quantity", "price", "net", "gross")),
        (Payment, ("amount",)),
        (Event, ("actor_id", "subject_id", "version")),
    ):
        for column in fully(columns[-1:], columns):
            row = dice.choice([r for r in cls.select() if getattr(r, column) is not None])
            good = getattr(row, column)
            cls.update({column: good ^ 1 << dice.randrange(3, 12)}).where(
                cls.id == row.id
            ).execute()
            with pytest.raises(daily.Faults):
                check()
            mended, left = repair.repair()
            assert mended and not left and getattr(cls.get_by_id(row.id), column) == good, (
                cls,
                column,
            )
            check()
            tried += 1
    assert tried == fully(4, 13)


def test_rows_that_are_gone_come_back(trade):
    lines = list(Line.select().tuples())
    db.execute_sql("DELETE FROM allocation")
    db.execute_sql("DELETE FROM line")
    with pytest.raises(daily.Faults):
        check()
    assert repair.repair()[1] == [] and list(Line.select().tuples()) == lines
    check()


def test_a_lost_and_a_flipped_paper_come_back(trade):
    good = blobs.fetch(trade.pdf_sha256)
    for harm in (
        lambda path: path.unlink(),
        lambda path: path.write_bytes(good[:-5] + b"\0" + good[-4:]),
    ):
        harm(blobs.path_of(trade.pdf_sha256))
        with pytest.raises(daily.Faults, match=trade.number):
            check()
        assert repair.repair()[1] == [] and blobs.fetch(trade.pdf_sha256) == good


def test_looking_through_the_places_begins_none(firm, tmp_path):
    place = Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "")
    last = Event.head().id
    assert place_check.faults() == []
    assert not Place.get_by_id(place.id).begun and Event.head().id == last
