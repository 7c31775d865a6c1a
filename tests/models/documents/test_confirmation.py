"""The customer's yes: by name, by hand if they like, once."""

import base64
import io
import secrets

import pytest
from PIL import Image

from models.adapters import blobs
from models.core.errors import Refused
from models.documents import Document
from models.operations import checks


def drawing():
    out = io.BytesIO()
    Image.new("RGB", (60, 18), "white").save(out, "PNG")
    return out.getvalue()


def test_a_drawn_signature_is_kept_and_shown_to_both_sides(firm, sign_in):
    order = firm.issued("order", price="10")
    anna = sign_in(firm.anna)
    data = "data:image/png;base64," + base64.b64encode(drawing()).decode()
    path = f"/portal/documents/{order.id}/confirmation"
    answer = anna.post(
        path, data={"name": "Anna", "signature": data, "idempotency_key": secrets.token_urlsafe(18)}
    )
    order = Document.get_by_id(order.id)
    assert (
        answer.status_code == 303
        and order.confirmed_by == "Anna"
        and blobs.fetch(order.signature) == drawing()
    )
    for browser in (anna, sign_in(firm.li)):
        assert browser.get(path + "/signature").data == drawing()
    assert (
        sign_in(firm.bob).get(path + "/signature").status_code
        == sign_in(firm.chen).get(path + "/signature").status_code
        == 404
    )
    assert checks.faults() == []
    blobs.path_of(order.signature).write_bytes(b"other")
    assert checks.faults() == [f"{order.number}: the kept signature is missing or was changed"]


@pytest.mark.parametrize(
    "typed",
    [
        "x",
        "data:image/png;base64,%%%",
        "data:image/svg+xml;base64,AAAA",
        "data:image/png;base64,AAAA",
    ],
)
def test_what_is_no_picture_is_refused_and_nothing_is_confirmed(firm, sign_in, typed):
    order = firm.issued("order", price="10")
    answer = sign_in(firm.anna).post(
        f"/portal/documents/{order.id}/confirmation",
        data={"name": "Anna", "signature": typed, "idempotency_key": secrets.token_urlsafe(18)},
    )
    assert (
        answer.status_code == 409
        and "signature" in answer.text
        and not Document.get_by_id(order.id).confirmed_at
    )


def test_a_second_yes_is_refused(firm):
    order = firm.issued("order", price="10")
    order.confirm(firm.anna, "Anna")
    with pytest.raises(Refused):
        order.confirm(firm.anna, "Someone else")
    assert Document.get_by_id(order.id).confirmed_by == "Anna"
