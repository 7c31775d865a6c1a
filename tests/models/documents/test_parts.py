"""The parts of an order, of a delivery and of an invoice add up to the whole, to the cent."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from models.core.database import db
from models.documents import Document
from tests.support.sets import fully

QUIETLY = dict(
    deadline=None,
    phases=(Phase.generate,),  # to shrink a failing case would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
LINES = st.lists(
    st.fixed_dictionaries(
        {
            "quantity": st.integers(1, 500).map(lambda n: n * 2500),
            "price": st.integers(0, 9_999_999),
            "discount": st.sampled_from((0, 0, 333, 5000)),
            "rate": st.sampled_from((0, 600, 1300)),
        }
    ),
    min_size=1,
    max_size=3,
)
HEAD = st.fixed_dictionaries(
    {
        "discount": st.sampled_from((0, 0, 777)),
        "prices_include_tax": st.booleans(),
        "currency": st.sampled_from(("CNY", "JPY")),
    }
)
# how many of ten parts of what remains are taken each time, before the rest is taken
SHARES = st.lists(st.integers(1, 9), max_size=3)


def given_out(document):
    """Issued as far as conversion asks; drafting and approving it all would take minutes."""
    Document.update(state="issued").where(Document.id == document.id).execute()
    return Document.get_by_id(document.id)


def convert_in_parts(by, source, kind, shares):
    """The documents of `kind` made from this one, until nothing remains of it."""
    made = []
    for share in [*shares, 10]:
        if kind not in source.can_become():
            break
        draft = source.convert(by, kind)
        lines = draft.ordered_lines()
        for line in lines:
            line.quantity = max(1, line.quantity * share // 10)
        draft.revise(by, draft.version, lines)
        made.append(given_out(draft))
    assert kind not in source.can_become()
    return made


def sums(*documents):
    return [sum(getattr(d, name) for d in documents) for name in ("net", "tax", "total")]


@settings(max_examples=fully(2, 40), **QUIETLY)
@given(LINES, HEAD, SHARES, SHARES, SHARES, st.booleans())
def test_parts_add_up_to_the_whole(firm, lines, head, first, second, third, direct):
    """order → delivery notes → invoices → credit notes, and a part invoiced from the order."""
    with db.atomic() as undone:
        lines = [{**firm.line(), **line, "tax_label": str(line["rate"])} for line in lines]
        order = given_out(Document.draft(firm.li, "order", firm.a, lines, **head))
        invoices = []
        if direct:
            draft = order.convert(firm.li, "invoice")
            parts = draft.ordered_lines()
            for part in parts:
                part.quantity = max(1, part.quantity // 3)
            draft.revise(firm.li, draft.version, parts)
            invoices.append(given_out(draft))
        notes = convert_in_parts(firm.li, order, "delivery_note", first)
        assert sums(*notes) == sums(order)
        for note in notes:
            if "invoice" in note.can_become():
                invoices += convert_in_parts(firm.li, note, "invoice", second)
        assert sums(*invoices) == sums(order)
        for invoice in invoices:
            credits = convert_in_parts(firm.li, invoice, "credit_note", third)
            assert sums(*credits) == sums(invoice)
            assert all(line.net >= 0 <= line.tax for c in credits for line in c.lines)
        undone.rollback()


def test_three_thirds_leave_nothing_open(firm):
    invoice = firm.issued(price="33.3333", quantity="3")
    for _ in range(3):
        note = invoice.convert(firm.li, "credit_note")
        line = note.ordered_lines()[0]
        line.quantity = 10000
        note.revise(firm.li, note.version, [line])
        note.submit(by=firm.li)
        firm.approve_all(note)
        Document.get_by_id(note.id).issue(by=firm.li)
    assert Document.get_by_id(invoice.id).left_to_credit() == 0
    assert sorted(n.total for n in invoice.active_followers()) == [3766, 3766, 3768]


@pytest.mark.asvs("2.3.4")
def test_half_cents_are_never_credited_twice(firm):
    """Four parts of 0.005 are 0.01 each by their price and 0.02 together."""
    order = given_out(firm.draft("order", price="0.005", quantity="4"))
    made = convert_in_parts(firm.li, order, "invoice", [3, 4, 5])
    assert sums(*made) == sums(order) == [2, 0, 2]
    assert min(d.total for d in made) == 0


def test_a_part_at_another_price_is_computed_by_its_price(firm):
    order = given_out(firm.draft("order", price="33.3333", quantity="3"))
    first = order.convert(firm.li, "invoice")
    first.revise(
        firm.li, first.version, [firm.line("20", "1", source=first.ordered_lines()[0].source_id)]
    )
    rest = order.convert(firm.li, "invoice")
    assert (first.net, rest.net) == (2000, 6667)


def test_a_part_that_is_thrown_away_leaves_its_cents_to_the_next(firm):
    order = given_out(firm.draft("order", price="33.3333", quantity="3"))
    first, second, third = convert_in_parts(firm.li, order, "invoice", [4, 5])
    Document.update(state="discarded").where(Document.id == second.id).execute()
    again = given_out(order.convert(firm.li, "invoice"))
    assert sums(first, again, third) == sums(order)
