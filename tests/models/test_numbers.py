"""Numbers without a gap and deeds done once, with sixteen threads at the same time; more of it in
tests/replay."""

from models.core.errors import Refused
from models.core.journal import Event
from models.documents import Document
from models.numbering import NumberSeries
from models.operations import checks
from tests.firm import money
from tests.together import MANY, at_once


def last():
    return NumberSeries.get(NumberSeries.kind == "invoice").last


def test_sixteen_issues_of_one_paper_use_one_number(app, firm, quick_paper):
    paper = firm.approved(price="10")
    found = at_once(app, lambda i: Document.get_by_id(paper.id).issue(by=firm.li))
    refused = [e.code for e in found if e is not None and isinstance(e, Refused)]
    assert found.count(None) == 1 and refused == ["state_changed"] * (MANY - 1)
    assert last() == 1 and checks.faults() == []
    assert paper.events.where(Event.action == "issued").count() == 1


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
