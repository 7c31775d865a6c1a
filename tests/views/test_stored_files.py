"""What is stored is given out with its hash, so that who has it is not sent it again."""

import hashlib

import pytest

from models.documents import Document


@pytest.fixture
def paper(firm):
    return firm.printed(price="20000")


def test_a_pdf_has_its_hash_and_is_not_sent_twice(firm, paper, sign_in):
    browser = sign_in(firm.li)
    whole = browser.get(f"/documents/{paper.id}/pdf")
    tag = whole.headers["ETag"]
    assert tag.strip('"') == Document.get_by_id(paper.id).pdf_sha256
    again = browser.get(f"/documents/{paper.id}/pdf", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    other = browser.get(f"/documents/{paper.id}/pdf", headers={"If-None-Match": '"x"'})
    assert other.data == whole.data and "no-store" in other.headers["Cache-Control"]
    paper.void(by=firm.wang, reason="wrong")
    voided = browser.get(f"/documents/{paper.id}/pdf", headers={"If-None-Match": tag})
    assert voided.status_code == 200 and voided.headers["ETag"] != tag


def test_a_part_of_a_pdf_is_given(firm, paper, sign_in):
    browser = sign_in(firm.li)
    whole = browser.get(f"/documents/{paper.id}/pdf").data
    part = browser.get(f"/documents/{paper.id}/pdf", headers={"Range": "bytes=100-199"})
    assert part.status_code == 206 and part.data == whole[100:200]
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(whole)}"
    beyond = browser.get(f"/documents/{paper.id}/pdf", headers={"Range": "bytes=99999999-"})
    assert beyond.status_code == 416


def test_who_may_not_see_it_learns_nothing_by_its_hash(firm, paper, sign_in):
    tag = f'"{hashlib.sha256(b"").hexdigest()}"'
    for headers in ({"If-None-Match": "*"}, {"If-None-Match": tag}, {"Range": "bytes=0-9"}):
        answer = sign_in(firm.chen).get(f"/documents/{paper.id}/pdf", headers=headers)
        assert answer.status_code == 404
