"""Whoever did not want it hears of it: a mail to the address that held until then, and to all
administrators, on everything that opens a door."""

import pytest

from app import write_mail
from models.adapters.outbox import Mail
from models.archive import LegalHold
from models.company import Company
from models.operations.backup import Place, keys
from models.people import Session, User
from tests.models.test_sessions import GOOD


@pytest.fixture
def told(firm):
    """told(deed): {(address, sentence)} of the mails of a deed that Ada or another did."""
    firm.zhao.revise(firm.ada, roles=["archivist", "admin"])
    for who in (firm.ada, firm.wang, firm.li):
        Session.start(who)

    def of(deed):
        Mail.delete().execute()
        deed()
        return {mail.recipient: mail for mail in Mail.select().where(Mail.template == "notice")}

    return of


ADMINS = {"ada@firm.test", "zhao@firm.test"}


def test_a_changed_address_is_told_to_the_old_one_and_to_administrators(firm, told):
    found = told(lambda: firm.li.revise(firm.ada, email="new@firm.test"))
    assert found.keys() == {"li@firm.test", *ADMINS}
    _subject, text, _html = write_mail(found["li@firm.test"])
    assert "li@firm.test → new@firm.test" in text and "Ada" in text and "/sessions" in text


@pytest.mark.parametrize(
    "deed",
    [
        lambda f: f.li.revise(f.ada, roles=["finance"]),
        lambda f: f.li.set_password(GOOD, by=f.ada),
        lambda f: f.li.sign_out_everywhere(by=f.ada),
        lambda f: f.li.disable(by=f.ada),
    ],
)
def test_what_is_done_to_a_colleague_is_told_to_them_and_to_administrators(firm, told, deed):
    found = told(lambda: deed(firm))
    assert found.keys() == {"li@firm.test", *ADMINS}


def test_what_is_done_for_the_firm_is_told_to_administrators(firm, told, tmp_path):
    settings = {"path": str(tmp_path / "disk")}
    deeds = [
        lambda: Place.add(firm.ada, "disk", "folder", settings, ""),
        lambda: Place.get().switch(firm.ada, False),
        lambda: Place.get().revise(firm.ada, "box", settings, "", "weekly", 5, {}),
        lambda: LegalHold.place(firm.wang, "诉讼", "案号", customer=firm.a),
        lambda: LegalHold.get().lift(firm.wang, "over"),
        lambda: keys.note_shown(firm.ada),
        lambda: User.sign_everybody_out(firm.ada),
    ]
    for deed in deeds:
        found = told(deed)
        assert found.keys() == ADMINS
        subject, text, html = write_mail(found["ada@firm.test"])
        assert subject and "None" not in text and "%(" not in text + html


def test_names_teams_and_contacts_who_cannot_sign_in_are_no_news(firm, told):
    assert not told(lambda: firm.li.revise(firm.ada, name="Li Ming"))
    assert not told(lambda: firm.anna.revise(firm.li, email="other@a.test"))
    assert not told(lambda: firm.li.set_password(GOOD, by=firm.li))
    firm.anna.set_password(GOOD, by=firm.anna)
    found = told(lambda: firm.anna.revise(firm.li, email="third@a.test"))
    assert found.keys() == {"other@a.test", *ADMINS}


def test_the_mail_says_from_which_address_and_in_the_readers_language(firm, told, sign_in):
    firm.zhao.set_language("zh")
    browser = sign_in(firm.ada)
    data = {"name": "李", "email": "li@firm.test", "roles": "finance", "language": "zh"}
    path = f"/people/{firm.li.id}/edit"
    found = told(lambda: browser.post(path, data=data))
    text = write_mail(found["zhao@firm.test"])[1]
    assert "127.0.0.1" in text and "业务员 → 财务" in text and "changed" not in text


def test_a_changed_account_is_told_with_old_and_new_and_where_to_decide(firm, told):
    Company.current().revise(firm.ada, bank_name="ICBC", bank_account="6222 1")
    found = told(lambda: Company.current().revise(firm.ada, bank_account="6222 2"))
    text = write_mail(found["ada@firm.test"])[1]
    assert "6222 1 → 6222 2" in text and "/account-changes/" in text
