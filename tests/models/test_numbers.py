"""Numbers without a gap and deeds done once, with sixteen threads at the same time."""

import pytest

from models.adapters.printing import pdf
from models.core.errors import Refused
from models.core.idempotency import IdempotencyKey
from models.core.journal import Event
from models.documents import Document
from models.numbering import NumberSeries
from models.operations import checks
from models.payments import Payment, paid
from tests.firm import KEY, money
from tests.together import MANY, at_once


@pytest.fixture
def quick_paper(monkeypatch):
    """The race is about numbers: one made PDF serves for all."""
    made = b"%PDF-1.4 stands for the paper"
    monkeypatch.setattr(pdf, "render", lambda *args, **kwargs: made)


def last():
    return NumberSeries.get(NumberSeries.kind == "invoice").last


@pytest.mark.asvs("2.3.4", "15.4.2")
def test_sixteen_issues_at_once_draw_one_to_sixteen(app, firm, quick_paper):
    papers = [firm.approved(price="10") for _ in range(MANY)]
    found = at_once(app, lambda i: Document.get_by_id(papers[i].id).issue(by=firm.li))
    assert found == [None] * MANY
    rows = [Document.get_by_id(p.id) for p in papers]
    assert sorted(r.series_position for r in rows) == list(range(1, MANY + 1)) and last() == MANY
    assert sorted(r.number[-4:] for r in rows) == [f"{n:04}" for n in range(1, MANY + 1)]
    assert len({r.number for r in rows}) == MANY and checks.faults() == []


def test_sixteen_issues_of_one_paper_use_one_number(app, firm, quick_paper):
    paper = firm.approved(price="10")
    found = at_once(app, lambda i: Document.get_by_id(paper.id).issue(by=firm.li))
    refused = [e.code for e in found if e is not None and isinstance(e, Refused)]
    assert found.count(None) == 1 and refused == ["state_changed"] * (MANY - 1)
    assert last() == 1 and checks.faults() == []
    assert paper.events.where(Event.action == "issued").count() == 1


def test_stale_copies_in_memory_use_one_number(app, firm, quick_paper):
    """Each thread loaded the paper before any issued it: only the conditional UPDATE decides."""
    paper = firm.approved(price="10")
    copies = [Document.get_by_id(paper.id) for _ in range(MANY)]
    found = at_once(app, lambda i: copies[i].issue(by=firm.li))
    assert found.count(None) == 1 and all(isinstance(e, Refused) for e in found if e is not None)
    assert last() == 1 and checks.faults() == []


def test_the_same_key_sixteen_times_over_http_is_one_payment(app, firm, sign_in):
    invoice = firm.issued(price="100")
    form = {
        "customer": firm.a.id,
        "currency": "CNY",
        "amount": "50",
        f"part-{invoice.id}": "50",
        "idempotency_key": KEY,
    }
    browsers = [sign_in(firm.fang) for _ in range(MANY)]
    found = at_once(app, lambda i: browsers[i].post("/payments/", data=form))
    assert [(answer.status_code, answer.location) for answer in found] == [
        (303, f"/payments/{Payment.get().id}")
    ] * MANY
    assert Payment.select().count() == 1 and paid(invoice) == money("50")
    assert IdempotencyKey.select().count() == 1 and checks.faults() == []


@pytest.mark.asvs("2.2.3", "2.3.4", "15.4.2")
def test_two_keys_that_pay_the_same_invoice_never_overpay_it(app, firm, sign_in):
    invoice = firm.issued(price="100")
    form = {"customer": firm.a.id, "currency": "CNY", "amount": "100", f"part-{invoice.id}": "100"}
    browsers = [sign_in(firm.fang) for _ in range(MANY)]
    found = at_once(
        app,
        lambda i: browsers[i].post("/payments/", data={**form, "idempotency_key": f"{KEY}-{i}"}),
    )
    assert sorted(answer.status_code for answer in found) == [303] + [409] * (MANY - 1)
    assert paid(invoice) == money("100") and Payment.select().count() == 1


def test_revising_at_once_keeps_one_and_tells_the_others(app, firm):
    paper = firm.draft()
    copies = [Document.get_by_id(paper.id) for _ in range(MANY)]
    found = at_once(app, lambda i: copies[i].revise(firm.li, 1, [firm.line(str(i + 1))]))
    assert found.count(None) == 1 and {e.code for e in found if e is not None} == {
        "version_conflict"
    }
    fresh = Document.get_by_id(paper.id)
    assert (
        fresh.version == 2
        and fresh.net == money(str(found.index(None) + 1))
        and checks.faults() == []
    )
