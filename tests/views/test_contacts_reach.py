"""What a contact can reach that nobody gave it: by mail, and by asking for a link."""

import pytest

from models.adapters.outbox import Mail
from models.documents import Document
from tests.firm import KEY


def post(browser, path, **data):
    return browser.post(path, data={"idempotency_key": KEY + path[-8:], **data})


def recipients(template):
    return sorted(m.recipient for m in Mail.select().where(Mail.template == template))


def test_many_sent_at_once_go_to_whom_each_is_for(firm, sign_in):
    general, his = firm.issued(price="10"), firm.issued(price="20", contact=firm.amin)
    assert (
        post(sign_in(firm.li), "/documents/bulk", act="send", ids=[general.id, his.id]).status_code
        == 303
    )
    to = {(m.document, m.recipient) for m in Mail.select().where(Mail.template == "document_sent")}
    assert to == {(general.id, "anna@a.test"), (his.id, "amin@a.test")}


def test_the_contact_named_on_the_paper_is_proposed_first(firm, sign_in):
    paper = firm.issued(price="20", contact=firm.amin)
    page = sign_in(firm.li).get(f"/documents/{paper.id}/sending").get_data(as_text=True)
    assert (
        f'value="{firm.amin.id}" checked' in page and f'value="{firm.anna.id}" checked' not in page
    )
    address = f"/documents/{firm.issued(price='10').id}/sending"
    other = sign_in(firm.li).get(address).get_data(as_text=True)
    assert f'value="{firm.anna.id}" checked' in other


@pytest.mark.parametrize("how", ["password", "link"])
def test_who_only_stands_in_our_books_cannot_let_itself_in(app, firm, how):
    app.test_client().post("/forgotten", data={"email": "anna@a.test", "how": how})
    assert Mail.select().count() == 0


@pytest.mark.parametrize("door", ["invited", "sent a paper", "has a password"])
def test_who_was_let_in_by_someone_of_ours_may_ask_for_a_link(app, firm, door):
    if door == "invited":
        firm.anna.invite(by=firm.li, link=lambda code: code)
    elif door == "sent a paper":
        firm.issued(price="10").send(firm.li, [firm.anna])
    else:
        firm.anna.set_password("correct horse battery", by=firm.anna)
    app.test_client().post("/forgotten", data={"email": "anna@a.test"})
    assert recipients("password") == ["anna@a.test"]


def test_a_contact_of_its_own_papers_reaches_no_other_of_its_firm(firm, sign_in):
    hers, his = firm.issued(price="10"), firm.issued("order", price="20", contact=firm.amin)
    Document.update(signature="0" * 64).where(Document.id == hers.id).execute()
    browser, base = sign_in(firm.amin), f"/portal/documents/{hers.id}"
    got = [
        browser.get(base),
        browser.get(base + "/pdf"),
        browser.get(base + "/confirmation/signature"),
        post(browser, base + "/messages", text="hello"),
        post(browser, base + "/confirmation", name="A"),
        browser.post("/portal/documents/zip", data={"ids": [hers.id]}),
    ]
    assert [a.status_code for a in got] == [404] * 6
    for path in (
        "/portal/",
        "/portal/documents/",
        f"/portal/documents/?q={hers.number}",
        "/portal/reminders/",
    ):
        assert f'href="{base}' not in browser.get(path).get_data(as_text=True), path
    assert browser.get(f"/portal/documents/{his.id}").status_code == 200
