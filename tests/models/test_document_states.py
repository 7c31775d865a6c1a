"""What a document's badge tells: what became of it, the same wherever it stands; not where it is
kept."""

import io

from openpyxl import load_workbook

from models.documents import Document
from models.receivables.document_states import document_states
from tests.support.queries import counted


def make(firm, source, kind, quantity=None):
    """An issued document of the kind made from the source; `quantity` in pieces."""
    paper = Document.get_by_id(source.id).convert(firm.li, kind)
    if quantity:
        lines = paper.ordered_lines()
        lines[0].quantity = quantity * 10000
        paper.revise(firm.li, paper.version, lines)
    paper.submit(by=firm.li)
    firm.approve_all(paper)
    paper = Document.get_by_id(paper.id)
    paper.issue(by=firm.li)
    return paper


def state_of(paper):
    paper = Document.get_by_id(paper.id)
    return document_states([paper])[paper.id]


def archive(paper):
    Document.update(state="archived").where(Document.id == paper.id).execute()


def test_an_order_tells_how_far_it_went_archived_or_not(firm):
    order = firm.issued("order", price="10", quantity="10")
    assert state_of(order) == "issued"
    archive(order)
    assert state_of(order) == "issued"
    note = make(firm, order, "delivery_note", 4)
    assert state_of(order) == "partly_delivered" and state_of(note) == "issued"
    make(firm, order, "delivery_note")
    assert state_of(order) == "delivered"
    make(firm, note, "invoice")
    assert state_of(order) == "partly_invoiced" and state_of(note) == "invoiced"
    make(firm, order, "invoice")
    assert state_of(order) == "invoiced"


def test_a_quote_tells_that_it_was_ordered(firm):
    quote = firm.issued("quote", quantity="10")
    order = make(firm, quote, "order", 4)
    assert state_of(quote) == "partly_ordered"
    make(firm, quote, "order")
    assert (state_of(quote), state_of(order)) == ("ordered", "issued")


def test_a_list_is_told_in_a_fixed_number_of_queries(firm):
    orders = [firm.issued("order", quantity="10") for _ in range(4)]
    for order in orders:
        make(firm, order, "invoice", 4)
    with counted() as few:
        document_states(orders[:1])
    with counted() as many:
        assert set(document_states(orders).values()) == {"partly_invoiced"}
    assert len(few) == len(many)


def test_list_file_page_chain_customer_and_portal_say_the_same(firm, sign_in):
    order = firm.issued("order", price="10")
    invoice = make(firm, order, "invoice")
    archive(order)
    li, anna = sign_in(firm.li), sign_in(firm.anna)
    for browser, path in (
        (li, "/documents/?kind=order"),
        (li, "/documents/?kind=order&state=standing"),
        (li, f"/documents/{order.id}"),
        (li, f"/documents/{invoice.id}?tab=related"),
        (li, f"/customers/{firm.a.id}?tab=documents"),
        (sign_in(firm.ada), f"/flows/try?number={firm.a.name}"),
        (anna, "/portal/documents/?kind=order"),
        (anna, f"/portal/documents/{order.id}"),
    ):
        page = browser.get(path, follow_redirects=True).text
        assert "badge-invoiced" in page and "badge-archived" not in page, path
    assert "badge-invoiced" not in li.get("/documents/?kind=order&state=issued").text
    assert "archived" in li.get(f"/documents/{order.id}").text.split("</h1>")[0]
    data = li.get("/documents/export.xlsx?kind=order").data
    assert load_workbook(io.BytesIO(data)).active["C2"].value == "Invoiced"
