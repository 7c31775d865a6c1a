"""Merging and separating cannot lift a credit limit past those who set limits."""

import pytest

from models.core.errors import Refused
from models.customers import Customer


def fresh(row):
    return Customer.get_by_id(row.id)


def limited(firm, name, limit, currency="CNY"):
    return Customer.enter(
        firm.fang, name=name, credit_limit=limit, currency=currency, owner=firm.li
    )


@pytest.mark.parametrize(
    "before, after, rises",
    [
        ((100, "CNY"), (None, "CNY"), True),
        ((100, "CNY"), (101, "CNY"), True),
        ((100, "CNY"), (100, "EUR"), True),  # what is bought in CNY would not count any more
        ((0, "CNY"), (1, "CNY"), True),
        ((100, "CNY"), (100, "CNY"), False),
        ((100, "CNY"), (0, "CNY"), False),
        ((None, "CNY"), (100, "EUR"), False),
    ],
)
def test_only_who_sets_limits_lets_one_rise(firm, before, after, rises):
    lesser, greater = limited(firm, "One", *before), limited(firm, "Other", *after)
    if rises:
        with pytest.raises(Refused, match="limit_rises"):
            fresh(lesser).merge_into(firm.li, fresh(greater))
        assert fresh(lesser).main is None
        fresh(lesser).merge_into(firm.wang, fresh(greater))
    else:
        fresh(lesser).merge_into(firm.li, fresh(greater))
    assert fresh(lesser).main == greater


def test_a_separation_lifts_no_limit_either(firm):
    free, strict = limited(firm, "One", None), limited(firm, "Other", 100)
    fresh(free).merge_into(firm.li, strict)
    with pytest.raises(Refused, match="limit_rises"):
        fresh(free).separate(firm.li)
    assert fresh(free).main == strict
    fresh(free).separate(firm.wang)
    assert fresh(free).main is None


def test_the_currency_of_a_limit_is_for_those_who_set_limits(firm):
    row, free = limited(firm, "One", 100), limited(firm, "Other", None)
    for customer in (row, free):
        fresh(customer).revise(firm.li, currency="JPY", phone="1")
    assert (fresh(row).currency, fresh(row).phone) == ("CNY", "1")
    assert fresh(free).currency == "JPY"
    fresh(row).revise(firm.wang, currency="JPY")
    assert fresh(row).currency == "JPY"
