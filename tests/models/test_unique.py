"""A value that another row has is refused by its name; what else a table refuses is not."""

import peewee as pw
import pytest

from models.core.errors import Refused
from models.customers import Customer


def test_a_code_that_is_taken_is_refused_by_its_name(firm):
    with pytest.raises(Refused) as refused:
        Customer.enter(firm.fang, name="x", code="A")
    assert (refused.value.code, refused.value.facts) == ("code_taken", {"value": "A"})


def test_a_missing_value_is_no_code_that_is_taken(firm):
    with pytest.raises(pw.IntegrityError):
        Customer.enter(firm.fang, name="x", code="N", tags=None)
    with pytest.raises(pw.IntegrityError):
        Customer.get_by_id(firm.a.id).revise(firm.fang, tags=None)
