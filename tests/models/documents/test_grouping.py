"""Headings and subtotals of a document are kept, frozen, printed, approved and carried on."""

from models.archive import Filing
from models.core.clock import at, now
from models.documents import Document, grouping
from models.documents.line import Line
from tests.support.destruction import LATER, carried_out, proposed


def tea(firm):
    return [
        firm.line("10", "3", heading="Tea\nGreen"),
        firm.line("20", "1", subtotal="Subtotal tea"),
        firm.line("5", "2", heading="Paper"),
    ]


def grouped(lines):
    return [(line.heading, line.subtotal) for line in lines]


WHOLE = [("Tea\nGreen", None), (None, "Subtotal tea"), ("Paper", None)]


def test_they_are_frozen_with_the_sum_of_their_group(firm):
    paper = Document.draft(firm.li, "order", firm.a, tea(firm))
    assert grouped(paper.ordered_lines()) == WHOLE and paper.net == 6000
    first, second, third = paper.freeze()["lines"]
    assert first["heading"] == "Tea\nGreen" and "group" not in first
    assert second["subtotal"] == "Subtotal tea"
    assert second["group"] == {"net": 5000, "gross": 5650} and "group" not in third


def test_a_changed_heading_drops_the_approval(firm):
    paper = firm.approved()
    paper.revise(firm.li, paper.version, [firm.line(heading="Free of charge")])
    assert Document.get_by_id(paper.id).state == "draft"


def test_they_are_copied_and_carried_to_the_next_document(firm):
    paper = Document.draft(firm.li, "order", firm.a, tea(firm))
    assert grouped(paper.copy(firm.li).ordered_lines()) == WHOLE
    paper.submit(by=firm.li)
    firm.approve_all(paper)
    order = Document.get_by_id(paper.id)
    order.issue(by=firm.li)
    made = Document.get_by_id(order.id).convert(firm.li, "invoice")
    assert grouped(made.ordered_lines()) == WHOLE


def test_what_a_line_takes_with_it_goes_to_its_neighbour():
    texts = [("A", ""), ("", "sum A"), ("B", "sum B"), ("C", "")]
    lines = [Line(id=i, heading=a, subtotal=z) for i, (a, z) in enumerate(texts, 1)]
    left = lambda *ids: grouping.carried(lines, lambda line: line.id in ids)  # noqa: E731
    assert left(1, 4) == {1: {"heading": "A", "subtotal": "sum A"}, 4: {"heading": "C"}}
    assert left(2, 3) == {
        2: {"heading": "A", "subtotal": "sum A"},
        3: {"heading": "B", "subtotal": "sum B"},
    }


def test_destruction_erases_them(firm):
    paper = Document.draft(firm.li, "order", firm.a, tea(firm))
    paper.submit(by=firm.li)
    firm.approve_all(paper)
    Document.get_by_id(paper.id).issue(by=firm.li)
    Filing.file_document(firm.zhao, Document.get_by_id(paper.id))
    with at(now() + LATER):
        carried_out(firm, proposed(firm))
    assert grouped(Document.get_by_id(paper.id).ordered_lines()) == [(None, None)] * 3
