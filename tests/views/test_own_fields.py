"""Fields of our own: lists that find rows by code and pinyin, forms in groups."""

import pytest

from tests.support.forms import Forms
from views.staff.contacts import ContactForm
from views.staff.customers import CustomerForm
from views.staff.products import ProductForm


def test_a_customer_is_found_in_its_list_by_code_and_pinyin(firm, sign_in):
    firm.a.revise(firm.ada, name="华信商贸", code="C-77")
    page = sign_in(firm.li).get("/documents/new").text
    assert 'data-find="C-77 hxsm huaxinshangmao"' in page
    assert 'data-new-href="/customers/new"' in page
    assert "hxsm" in sign_in(firm.li).get("/follow-ups/new").text


@pytest.mark.parametrize("form", [CustomerForm, ProductForm, ContactForm])
def test_the_groups_of_a_form_name_its_fields_and_each_once(app, form):
    named = " ".join(names for _title, names in form.GROUPS).split()
    with app.test_request_context("/"):
        assert sorted(named) == sorted(f.short_name for f in form() if f.type != "CSRFTokenField")


def test_a_long_form_is_told_in_groups_and_loses_no_field(firm, sign_in):
    path = f"/customers/{firm.a.id}/edit"
    page = sign_in(firm.ada).get(path).text
    assert "<legend>Terms</legend>" in page and "Not saved yet" in page
    names = {c.name for c in Forms(path, page).found[-1][1]}
    assert {"name", "credit_limit", "founded_on", "tags", "owner", "delivery"} <= names
