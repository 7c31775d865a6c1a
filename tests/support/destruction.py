"""Old papers and lists that destroy them."""

import datetime as dt

import pytest

from models.adapters import blobs
from models.approvals import ApprovalRequest, Comment
from models.archive import (
    DestructionList,
    ExternalFile,
    Filing,
    erase,
    retention,
)
from models.core.clock import at, now
from models.core.database import db
from models.core.model import tables
from models.documents import Document, Message
from models.payments import Payment

LATER = dt.timedelta(days=366 * 31)
SECRET = "只此一处的机密词"


@pytest.fixture
def old(firm):
    """A settled and filed invoice full of words, with a scan, a mail and messages; and the clock 31
    years on."""
    paper = firm.printed(price="20000", note=SECRET, internal_note=SECRET, reference=SECRET)
    request = ApprovalRequest.current(paper)
    Comment.write(firm.wang, request, SECRET, b"%PDF-1.4 " + SECRET.encode())
    Message.write(firm.anna, paper, SECRET)
    paper.send(firm.li, [firm.anna], message=SECRET, key="k")
    Payment.receive(firm.fang, firm.a, "CNY", paper.total, allocations=[(paper, paper.total)])
    Filing.file_document(firm.zhao, paper)
    firm.scan = ExternalFile.receive(
        firm.li,
        f"<slip>{SECRET}</slip>".encode(),
        "x.xml",
        "delivery_note",
        title="签收单",
        document=paper,
        note=SECRET,
    )
    from models.archive import filing

    filing.read_waiting()
    with at(now() + LATER):
        yield Document.get_by_id(paper.id)


def proposed(firm, filings=None):
    return DestructionList.propose(
        firm.zhao, filings or list(retention.due().order_by(Filing.id)), "保管期满，无续存价值"
    )


def carried_out(firm, row):
    waiting = lambda *people: [getattr(firm, p).sees.destructions_waiting() for p in people]  # noqa: E731
    assert waiting("wang", "ada", "zhao", "fang", "li") == [1, 0, 0, 0, 0]
    row.approve(firm.wang, "同意")
    row.name_witnesses(firm.zhao, firm.fang, firm.ada)
    assert waiting("wang", "ada", "fang") == [0, 1, 1]
    row.check(firm.fang)
    row.check(firm.ada)
    DestructionList.get_by_id(row.id).carry_out(firm.zhao)
    assert waiting("ada", "fang") == [0, 0]
    erase.erase_waiting()
    assert waiting("ada", "fang") == [1, 1]
    return DestructionList.get_by_id(row.id)


def everything():
    """Every text of every table but the journal, and every kept byte."""
    rows = "".join(
        repr(db.execute_sql(f'SELECT * FROM "{c._meta.table_name}"').fetchall())
        for c in tables()
        if c.__name__ not in ("Event", "Model")
    )
    return rows, b"".join(p.read_bytes() for p in blobs._root["path"].rglob("*") if p.is_file())
