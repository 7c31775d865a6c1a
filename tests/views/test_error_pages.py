"""What was refused is told inside the frame of the page, so that one can go on."""

import pytest

from tests.firm import KEY


@pytest.mark.parametrize(
    "who, path", [("li", "/bank-lines/"), ("li", "/nowhere"), ("wang", "/tasks/9")]
)
def test_staff_keep_their_menu(firm, sign_in, who, path):
    answer = sign_in(getattr(firm, who)).get(path)
    assert answer.status_code in (403, 404) and 'href="/customers/"' in answer.text


def test_a_contact_keeps_the_menu_of_the_portal(firm, sign_in):
    answer = sign_in(firm.anna).get("/portal/documents/999")
    assert answer.status_code == 404 and 'href="/portal/statements/"' in answer.text


def test_a_stranger_sees_no_menu(app):
    answer = app.test_client().get("/nowhere")
    assert answer.status_code == 404 and "/customers/" not in answer.text


def test_the_field_that_was_refused_is_marked(firm, sign_in):
    invoice, fang = firm.issued(price="100"), sign_in(firm.fang)
    data = {"amount": "lots", "reason": "gone", "idempotency_key": KEY}
    answer = fang.post(f"/write-offs/of-invoice/{invoice.id}", data=data)
    assert answer.status_code == 422, answer.text
    assert 'name="amount" value="lots" aria-invalid="true"' in answer.text
