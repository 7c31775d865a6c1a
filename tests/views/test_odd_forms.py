"""What no page of ours sends to a form of ours: a file in the field of a text, JSON, spaces where
something is required, a day that there is not."""

import base64
import io

import pytest

from models.customers import Customer
from models.people import Passkey, Site
from tests.firm import KEY
from tests.fuzz import hostile
from tests.valid_forms import CASES
from tests.valid_forms.fields import filled


@pytest.mark.parametrize("field", ["name", "terms_days", "founded_on", "credit_limit", "currency"])
def test_a_file_in_the_field_of_another_is_as_nothing_there(firm, sign_in, field):
    _who, path, fields, _strangers = CASES["customers.new"](firm)
    browser, file = sign_in(firm.fang), (io.BytesIO(b"x"), "x.txt")
    typed = {name: value for name, value in fields.items() if name != field}
    without = browser.post(path, data=filled(typed)).status_code
    Customer.update(code=None).execute()
    assert browser.post(path, data=filled({**typed, field: file})).status_code == without


@pytest.mark.parametrize("data", ["[" * 9000, '{"name": "x"}', '{"terms_days": 1e999}', "null"])
def test_no_form_is_filled_by_json(firm, sign_in, data):
    answer = sign_in(firm.fang).post(
        "/customers/new", data=data, content_type="application/json; charset=utf-8"
    )
    assert answer.status_code == 422 and 'value="x"' not in answer.text
    assert Customer.select().count() == 2


def test_spaces_are_not_what_is_required(firm, sign_in):
    browser = sign_in(firm.li)
    form = {"name": "   ", "terms_days": "30", "currency": "CNY", "language": "zh"}
    assert browser.post("/customers/new", data=form).status_code == 422
    _who, path, _fields, _strangers = CASES["follow_ups.postpone"](firm)
    answer = browser.post(path, data={"day": "  ", "idempotency_key": KEY})
    assert answer.status_code == 422


def test_a_day_that_there_is_not_is_told_as_it_was_typed(firm, sign_in):
    _who, path, fields, _strangers = CASES["invitations.create"](firm)
    answer = sign_in(firm.ada).post(path, data=filled({**fields, "sales": "2026-02-30"}))
    assert answer.status_code == 422 and "2026-02-30" in answer.text


@pytest.mark.parametrize("number", ["1" + "0" * 400, "-" + "9" * 400, "9" * 20_000])
@pytest.mark.parametrize(
    "endpoint, field", [("customers.new", "terms_days"), ("calendar.hours", "begins")]
)
def test_a_number_of_hundreds_of_digits_is_none(firm, sign_in, endpoint, field, number):
    who, path, fields, _strangers = CASES[endpoint](firm)
    answer = sign_in(getattr(firm, who)).post(path, data=filled({**fields, field: number}))
    assert answer.status_code == 422


@pytest.mark.parametrize("endpoint", ["flows.new", "autosaves.create", "decisions.many"])
def test_a_part_without_a_name_is_refused(firm, sign_in, endpoint):
    who, path, fields, _strangers = CASES[endpoint](firm)
    nameless = b"--x-y\r\nContent-Disposition: form-data\r\n\r\nx\r\n"
    body = nameless + hostile.multipart(hostile.items_of({**fields, "idempotency_key": KEY}))
    answer = sign_in(getattr(firm, who)).post(
        path, data=body, content_type="multipart/form-data; boundary=x-y"
    )
    assert answer.status_code == 400


def test_a_signature_of_other_letters_is_refused(firm, sign_in):
    _who, path, fields, _strangers = CASES["portal_confirmations.create"](firm)
    signature = f"{fields['signature'][:40]}长\ufffd"
    answer = sign_in(firm.anna).post(path, data=filled({**fields, "signature": signature}))
    assert answer.status_code == 409


def test_json_in_json_without_end_is_none(firm, sign_in):
    deep = base64.urlsafe_b64encode(b"[" * 9_000).decode()
    assert sign_in(firm.li).get(f"/customers/?after={deep}").status_code == 200
    assert not Passkey.redeem(firm.li, "[" * 9_000, b"x", Site("localhost", "http://localhost"))
