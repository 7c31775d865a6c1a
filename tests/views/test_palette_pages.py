"""The palette finds pages that stand beside a tab or in the settings, for who may open them."""

import pytest


@pytest.mark.parametrize(
    "who, text, address, found",
    [
        ("fang", "write-off", "/payments/write-offs", True),
        ("ada", "tax r", "/tax-rates/", True),
        ("li", "tax r", "/tax-rates/", False),
        ("ada", "approval fl", "/flows/", True),
    ],
)
def test_a_page_is_found_by_its_own_name(firm, sign_in, who, text, address, found):
    browser = sign_in(getattr(firm, who))
    page = browser.get("/search/", query_string={"q": text}, headers={"HX-Request": "true"}).text
    assert (f'href="{address}"' in page) == found
