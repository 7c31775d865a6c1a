"""Who only sells sets no credit limit, of a new customer neither."""

import pytest

from models.customers import Customer
from tests.valid_forms.customers import CUSTOMER


@pytest.mark.asvs("8.2.3")
@pytest.mark.parametrize("who, limit", [("li", None), ("wang", 5), ("fang", 5), ("ada", 5)])
def test_a_new_customer_has_the_limit_of_who_may_set_it(firm, who, limit):
    row = Customer.enter(getattr(firm, who), name="New", credit_limit=5)
    assert Customer.get_by_id(row.id).credit_limit == limit


@pytest.mark.asvs("8.2.3")
@pytest.mark.parametrize("dialog", [{}, {"HX-Request": "true"}])
def test_the_forms_of_a_salesperson_ask_for_no_limit_and_take_none(firm, sign_in, dialog):
    browser = sign_in(firm.li)
    page = browser.get("/customers/new", headers=dialog).text
    assert 'name="credit_limit"' not in page and 'name="owner"' not in page
    data = CUSTOMER | {"name": "New", "credit_limit": "99999", "owner": str(firm.chen.id)}
    assert browser.post("/customers/new", data=data, headers=dialog).status_code in (200, 204, 303)
    row = Customer.get(Customer.name == "New")
    assert (row.credit_limit, row.owner) == (None, firm.li)
    assert 'name="credit_limit"' in sign_in(firm.wang).get("/customers/new").text
