"""The function that judges after each fault is itself tried: seeded faults that it must name."""

import pytest

from models.adapters import blobs
from models.core.database import db
from models.documents import Document
from models.operations.backup import snapshot
from models.payments import Payment
from tests.faults.invariants import broken

pytestmark = pytest.mark.on_sqlite

KEY = "k" * 40


@pytest.fixture
def trade(firm):
    invoice = firm.printed(price="20000")
    Payment.receive(firm.fang, firm.a, "CNY", 500, reference="R1", allocations=[(invoice, 100)])
    small = firm.issued(price="10", customer=firm.b, by=firm.chen)
    small.void(firm.fang, "x")
    firm.a.write_note(firm.li, "hello")
    return invoice


def judge(**promised):
    return broken(snapshot.folder(), KEY, **promised)


def test_a_sound_firm_has_nothing_broken(trade):
    assert (
        judge(
            done=[("created", trade.id), ("issued", trade.id), ("paid", "R1"), ("noted", "hello")],
            refused=["R2"],
        )
        == []
    )


@pytest.mark.parametrize(
    "seed, named",
    [
        ("UPDATE document SET place = 7 WHERE place = 2", "numbers:"),
        ("UPDATE line SET net = net + 1", "totals:"),
        ("UPDATE allocation SET amount = 999999999", "balances:"),
        ("UPDATE event SET action = 'issued' WHERE action = 'voided'", "changes:"),
        ("UPDATE document SET state = 'voided' WHERE state = 'issued'", "changes:"),
        (
            "UPDATE task SET user_id ="
            " (SELECT submitter_id FROM approval_request r WHERE r.id = request_id)",
            "approvals:",
        ),
        ("UPDATE document SET note = 'other' WHERE state = 'issued'", "approvals:"),
        ("UPDATE contact SET customer_id = 2 WHERE name = 'Anna'", "Contact"),
        ("DELETE FROM payment", "R1 is not there"),
        ("DELETE FROM note", "hello is not there"),
        ("DELETE FROM event WHERE id = (SELECT MAX(id) FROM event)", "audit log: the end"),
    ],
)
def test_each_seeded_fault_is_named(trade, seed, named):
    from models.operations.checks import anchor

    anchor(snapshot.folder(), KEY)
    if not db.is_closed():
        db.execute_sql("PRAGMA foreign_keys = OFF")
    db.execute_sql(seed)
    assert any(named in text for text in judge(done=[("paid", "R1"), ("noted", "hello")])), judge()


def test_a_refused_payment_that_is_there_is_named(trade):
    assert any("refused: R1" in text for text in judge(refused=["R1"]))


def test_another_pdf_is_named(trade):
    other = blobs.keep(b"%PDF another")
    Document.update(pdf_sha256=other).where(Document.id == trade.id).execute()
    assert any("papers:" in text for text in judge())


def test_a_file_left_by_a_kill_is_swept_away_and_only_that(trade):
    lost = blobs.keep(b"written, then killed before the row")
    before = set(blobs.listing())
    assert judge() == [] and set(blobs.listing()) == before - {lost}
