"""How large a file may be is told by each form of it, as its view has it."""

import re
from pathlib import Path

import pytest

from models.company import Company
from views.web import uploads

FIELD = re.compile(r'<input type="file"[^>]*?>', re.S)
FORMS = {
    "imports.create": 90,
    "import_rows.correct": 90,
    "requests.comment": 10,
    "portal_payments.create": 10,
    "flows.take_in": 1,
    "bank_lines.create": 20,
}


def test_each_field_of_a_file_tells_how_large_it_may_be():
    pieces = {
        piece: FIELD.findall(piece.read_text()) for piece in Path("templates").rglob("*.html")
    }
    assert sum(map(len, pieces.values())) > 10
    assert not [p for p, fields in pieces.items() if any("data-most=" not in f for f in fields)]


@pytest.mark.parametrize("endpoint, mb", FORMS.items())
def test_each_form_has_the_limit_of_its_view(firm, app, endpoint, mb):
    with app.app_context():
        assert uploads.most_mb(endpoint) == mb


@pytest.mark.asvs("5.2.1")
def test_what_is_far_too_large_is_told_the_limit_of_its_form(firm, sign_in):
    Company.current().revise(firm.ada, settings={"import_mb": 80})
    browser, large = sign_in(firm.fang), {"CONTENT_LENGTH": str(101 * 2**20)}
    sent = dict(content_type="multipart/form-data; boundary=x", environ_overrides=large)
    for path, mb in (("/imports/", 80), ("/archive/files/", 20)):
        answer = browser.post(path, **sent)
        assert answer.status_code == 413
        assert f"A file may have {mb} MB, all together 100 MB." in answer.text


def test_pictures_tell_their_own_limit(firm, sign_in):
    browser = sign_in(firm.ada)
    page = browser.get("/settings/").text + browser.get("/settings/documents").text
    fields = {
        name: field
        for field in re.findall(r"<input[^>]*>", page)
        for name in ("logo", "font")
        if f'name="{name}"' in field
    }
    assert 'data-most="2"' in fields["logo"] and 'data-most="20"' in fields["font"]
