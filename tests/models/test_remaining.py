"""Of a quote the customer may order more; of an order no more is delivered or invoiced than it
has."""

import pytest

from models.core.errors import Refused
from models.documents import Document


def more_than_its_source(firm, source, kind):
    made = source.convert(firm.li, kind)
    line = made.ordered_lines()[0]
    data = {name: line.__data__[name] for name in ("name", "price", "tax_rate", "source")}
    made.revise(firm.li, made.version, [data | {"quantity": 50_000}])
    return made


def test_an_order_may_have_more_than_its_quote(firm):
    order = more_than_its_source(firm, firm.issued("quote", quantity="2"), "order")
    order.submit(by=firm.li)
    assert order.state in ("submitted", "approved")


@pytest.mark.parametrize("kind", ["delivery_note", "invoice"])
def test_what_follows_an_order_has_no_more_than_remains(firm, kind):
    made = more_than_its_source(firm, firm.issued("order", quantity="2"), kind)
    with pytest.raises(Refused) as refused:
        made.submit(by=firm.li)
    assert (refused.value.code, refused.value.facts["rest"]) == ("over_remaining", "2")
    assert Document.get_by_id(made.id).state == "draft"
