"""Sixteen people write at once, each what they do all day: nobody is refused for the others' sake,
and what they leave adds up. On PostgreSQL too."""

import itertools

from models.approvals import ApprovalRequest
from models.core.database import db
from models.core.journal import Event, verify
from models.documents import Document, sales
from models.numbering import NumberSeries
from models.operations import checks
from models.payments import Payment
from models.receivables import due_item
from tests.together import MANY, at_once

ROUNDS = 3


def test_sixteen_writers_leave_one_chain_and_no_gap(app, firm):
    papers = [[firm.approved(price="10") for _ in range(ROUNDS)] for _ in range(MANY)]
    db.close()

    def work(i):
        for paper in papers[i]:
            firm.a.write_note(firm.li, f"{i}")
            draft = firm.draft("quote", price="5")
            draft.revise(firm.li, draft.version, [firm.line("6"), firm.line("7")])
            draft.submit(by=firm.li)
            invoice = Document.get_by_id(paper.id)
            invoice.issue(by=firm.li)
            half = invoice.total // 2
            Payment.receive(firm.fang, invoice.customer, "CNY", half, allocations=[(invoice, half)])
        return "done"

    assert at_once(app, work) == ["done"] * MANY
    events = list(Event.select().order_by(Event.id))
    assert all(a.hash == b.previous for a, b in itertools.pairwise(events)) and verify() == []
    series = {row.kind: row.last for row in NumberSeries.select()}
    assert series["invoice"] == series["payment"] == MANY * ROUNDS
    issued = Document.select(Document.number).where(Document.kind == "invoice").distinct().count()
    assert issued == MANY * ROUNDS == Payment.select(Payment.number).distinct().count()
    assert checks.faults() == [] and due_item.differences() == [] and sales.differences() == []
    drafts = Document.select().where(Document.kind == "quote")
    assert all(ApprovalRequest.current(d).content_approved == d.content_hash() for d in drafts)
