"""What verify and the weekly mark rest on."""

import datetime as dt
import re

from models.adapters.outbox import Mail
from models.core.clock import at, now
from models.operations import checks


def test_the_mark_is_mailed_once_a_week_to_administrators(firm, tmp_path):
    for days in (0, 0, 1):
        with at(dt.datetime(2026, 11, 24, 8) + dt.timedelta(days=days)):
            checks.mail_anchor(tmp_path, "k" * 40)
    firm.issued(price="10")
    with at(dt.datetime(2026, 12, 1, 8)):
        checks.mail_anchor(tmp_path, "k" * 40)
    mails = list(Mail.select().where(Mail.template == "anchor").order_by(Mail.id))
    assert [m.recipient for m in mails] == ["ada@firm.test"] * 2
    text = mails[1].compose().get_body(("plain",)).get_content()
    assert mails[1].context["head"] in text and "invoice 2026: 1" in text


def test_a_person_keeps_the_language_they_chose(firm, sign_in):
    from models.customers import Contact
    from models.people import User

    for person, cls in ((firm.li, User), (firm.anna, Contact)):
        sign_in(person).post("/language", data={"language": "en"})
        assert cls.get_by_id(person.id).language == "en"
    assert checks.faults() == [] and now()


def test_a_contact_sees_and_ends_own_sessions(firm, sign_in):
    one, two = sign_in(firm.anna), sign_in(firm.anna)
    assert len(re.findall(r"/sessions/\d+/end", one.get("/sessions").text)) == 2
    sessions = list(firm.anna.sees.sessions())
    assert (
        one.post(f"/sessions/{sessions[1].id}/end").status_code == 303
        and two.get("/portal/").status_code == 401
    )
