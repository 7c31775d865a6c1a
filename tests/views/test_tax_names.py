"""A tax rate is called by its name in the reader's language."""

import pytest

from models.products import TaxRate


@pytest.mark.parametrize("language, name", [("en", "Exempt"), ("zh", "免税")])
def test_the_form_of_a_product_names_it_in_the_readers_language(firm, sign_in, language, name):
    TaxRate.enter(firm.ada, name="免税", name_en="Exempt", kind="exempt", rate=0)
    li = sign_in(firm.li)
    li.set_cookie("language", language)
    assert f">{name}</option>" in li.get("/products/new").text
