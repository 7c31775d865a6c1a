"""A mail is looked at before it leaves, and sent once."""

import re
import secrets

from models.adapters.outbox import Mail
from models.core.journal import Event
from tests.firm import KEY


def test_the_preview_shows_the_mail_and_queues_nothing(firm, sign_in):
    paper, browser = firm.issued(price="10"), sign_in(firm.li)
    before = Event.select().count()
    page = browser.post(
        f"/documents/{paper.id}/sending/preview",
        data={"contacts": firm.anna.id, "message": "Bis <b>bald</b>"},
    ).text
    assert paper.number in page and "Anna" in page and "Bis &lt;b&gt;bald&lt;/b&gt;" in page
    assert not Mail.about(paper).exists() and Event.select().count() == before


def test_the_same_form_twice_sends_once(firm, sign_in):
    paper, key = firm.issued(price="10"), secrets.token_urlsafe(18)
    browser = sign_in(firm.li)
    for _ in range(2):
        answer = browser.post(
            f"/documents/{paper.id}/sending",
            data={"contacts": firm.anna.id, "idempotency_key": key},
        )
        assert answer.status_code == 303
    assert [m.recipient for m in Mail.about(paper)] == ["anna@a.test"]


def test_nobody_chosen_or_a_stranger_is_refused(firm, sign_in):
    paper, browser = firm.issued(price="10"), sign_in(firm.li)
    for contacts, words in (
        ([], "recipient"),
        ([firm.bob.id], "belong"),
        (["x"], "belong"),
        ([10**12], "belong"),
    ):
        answer = browser.post(
            f"/documents/{paper.id}/sending", data={"contacts": contacts, "idempotency_key": KEY}
        )
        assert answer.status_code == 409 and words in answer.text
    assert not Mail.about(paper).exists()


def test_the_mail_has_text_and_html_with_the_link(firm, app):
    paper = firm.issued(price="10")
    paper.keep_pdf()
    paper.send(firm.li, [firm.anna], "Hallo <i>", key="k", base_url="http://portal.test")
    message = Mail.about(paper).get().compose()
    text, html = (
        message.get_body(("plain",)).get_content(),
        message.get_body(("html",)).get_content(),
    )
    link = re.search(r"http\S+/d#\S{43}", text)[0]
    assert f'href="{link}"' in html and "Hallo &lt;i&gt;" in html and "Hallo <i>" not in html
    assert [a.get_content_type() for a in message.iter_attachments()] == ["application/pdf"]


def test_an_issued_document_is_looked_at_and_sent_on_one_page(firm, sign_in):
    paper, browser = firm.issued(price="10"), sign_in(firm.li)
    page = browser.get(f"/documents/{paper.id}/sending").text
    assert "anna@a.test" in page and paper.number in page and "/sending/preview" in page
    assert browser.get(f"/documents/{firm.draft().id}/sending").status_code == 303
