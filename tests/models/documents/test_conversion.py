"""Along the chain: how far an order went."""

from models.documents import Document


def test_an_orders_fulfilment_counts_what_was_issued(firm):
    order = firm.issued("order", price="10", quantity="10")
    assert order.fulfilment() == {"delivery_note": "none", "invoice": "none"}
    note = order.convert(firm.li, "delivery_note")
    lines = note.ordered_lines()
    lines[0].quantity = 40000
    note.revise(firm.li, note.version, lines)
    assert order.fulfilment()["delivery_note"] == "none"
    note.submit(by=firm.li)
    firm.approve_all(note)
    note = Document.get_by_id(note.id)
    note.issue(by=firm.li)
    assert order.fulfilment() == {"delivery_note": "partly", "invoice": "none"}
    for source in (note, order):
        paper = source.convert(firm.li, "invoice")
        paper.submit(by=firm.li)
        firm.approve_all(paper)
        Document.get_by_id(paper.id).issue(by=firm.li)
    assert order.fulfilment() == {"delivery_note": "partly", "invoice": "whole"}
