"""Mail through a real SMTP server: once, again later, given up, or left for a person to decide."""

import datetime as dt
import time

import pytest

from jobs import worker
from models import dunning, printed
from models.adapters import outbox, smtp
from models.adapters.outbox import Mail
from models.core import wake
from models.core.clock import at, now, today
from models.core.database import db
from models.core.lease import Lease
from models.receivables.statement import Statement


def put(key="k", to="anna@a.test", **more):
    Mail.enqueue(
        key,
        to=to,
        template="sign_in",
        language="en",
        context={"name": "Anna", "link": "http://x/links?code=c"},
        **more,
    )
    return Mail.get(Mail.key == key)


def fresh(mail):
    return Mail.get_by_id(mail.id)


def run(minutes=0):
    printed.print_waiting()
    with at(now() + dt.timedelta(minutes=minutes)):
        outbox.deliver_waiting()


def test_a_mail_is_delivered_once_with_the_id_it_was_queued_with(server):
    mail = put()
    run(), run(), run(60)
    assert [m["Message-ID"] for m in server.mails] == [
        mail.message_id
    ] and "@firm.test>" in mail.message_id
    assert fresh(mail).state == "sent" and fresh(mail).sent_at and fresh(mail).tries == 1


def test_the_same_key_queues_once(server):
    first, second = put(), put(to="other@a.test")
    run()
    assert (
        first.id == second.id and len(server.mails) == 1 and server.mails[0]["To"] == "anna@a.test"
    )


@pytest.mark.asvs("14.2.4")
def test_a_sent_mail_keeps_no_code(server):
    mail = put()
    run()
    assert "code=c" in server.mails[0].get_body(("plain",)).get_content() and "code" not in str(
        fresh(mail).context
    )


@pytest.mark.parametrize("where", ["rcpt", "data"])
def test_a_temporary_no_is_tried_again_with_growing_waits(server, where):
    setattr(server, where, "451 come back later")
    mail, waits, clock = put(), [], 0
    for _ in range(20):
        run(clock)
        row = fresh(mail)
        if row.state == "failed":
            break
        assert row.state == "queued" and "451" in row.error
        with at(now() + dt.timedelta(minutes=clock)):
            waits.append(round((row.next_at - now()).total_seconds() / 60))
        run(clock + waits[-1] - 0.5)
        assert fresh(mail).tries == row.tries, "tried before its time"
        clock += waits[-1] + 0.1
    assert (
        waits == sorted(set(waits)) == [1, 5, 15, 60, 240]
        and row.tries == len(outbox.WAITS)
        and not server.mails
    )
    assert row.state == "failed"


def test_a_mail_refused_at_first_arrives_later_with_the_same_id(server):
    server.data = "421 busy"
    mail = put()
    run()
    server.data = "250 kept"
    run(1.1)
    assert (
        fresh(mail).state == "sent"
        and fresh(mail).error == ""
        and server.mails[0]["Message-ID"] == mail.message_id
    )


@pytest.mark.parametrize("where", ["rcpt", "data"])
def test_a_final_no_is_failed_at_once_shown_and_can_be_tried_again(firm, server, sign_in, where):
    setattr(server, where, "550 no such user")
    mail, browser = put(to="gone@a.test"), sign_in(firm.fang)
    run()
    assert (fresh(mail).state, fresh(mail).tries) == ("failed", 1) and "550" in fresh(mail).error
    page = browser.get("/").get_data(as_text=True)
    assert "gone@a.test" in page and "no such user" in page
    setattr(server, where, "250 ok")
    assert browser.post(f"/mails/{mail.id}/retry").status_code == 303
    run()
    assert fresh(mail).state == "sent" and "gone@a.test" not in browser.get("/").get_data(
        as_text=True
    )


@pytest.mark.asvs("16.5.2")
def test_a_server_that_is_down_keeps_the_mail_queued(server):
    mail = put()
    server.stop()
    run()
    assert (
        fresh(mail).state == "queued"
        and "Refused" in fresh(mail).error
        and fresh(mail).next_at > now()
    )


def test_without_a_server_all_waits(app):
    mail = put()
    run()
    assert fresh(mail).state == "queued" and fresh(mail).tries == 0


@pytest.mark.parametrize(
    "harm",
    [
        {"template": "nonsense"},
        {"recipient": "a@a.test\nBcc: b@b.test"},
        {"context": {}},
        {"recipient": ""},
        {"recipient": "张@公司.cn"},
        {"attachment": "0" * 64},
    ],
)
def test_one_bad_mail_keeps_back_no_other(server, harm):
    bad, good = put("bad", to="bad@a.test"), put("good")
    Mail.update(**harm).where(Mail.id == bad.id).execute()
    run()
    assert fresh(good).state == "sent" and len(server.to("anna")) == 1
    assert fresh(bad).state in ("queued", "failed", "sent") and not [
        m for m in server.mails if "b@b.test" in m.as_string()
    ]
    for minutes in range(0, 2000, 30):
        run(minutes)
    assert fresh(bad).state in ("failed", "sent") and fresh(bad).tries <= len(outbox.WAITS)


class Crash(BaseException):
    """The process dies: nothing after the server's 250 is written down."""


def crash(monkeypatch, after=True):
    real = smtp.send

    def dying(url, message):
        after and real(url, message)
        raise Crash

    monkeypatch.setattr(smtp, "send", dying)
    with pytest.raises(Crash):
        run()
    monkeypatch.undo()


def letter(firm):
    firm.issued(price="1000")
    with at(now() + dt.timedelta(days=40)):
        dunning.run_due()
    Mail.update(next_at=now()).where(Mail.template == "reminder").execute()
    Mail.delete().where(Mail.template != "reminder").execute()
    return Mail.select().order_by(Mail.id).first()


def test_a_reminder_left_in_sending_waits_for_a_person(firm, server, sign_in, monkeypatch):
    mail, browser = letter(firm), sign_in(firm.fang)
    crash(monkeypatch)
    assert fresh(mail).state == "sending"
    run(11)
    assert fresh(mail).state == "sending", "it may still be under way"
    run(21)
    assert fresh(mail).state == "failed" and len(server.to("anna")) == 1
    assert "anna@a.test" in browser.get("/").get_data(as_text=True)
    browser.post(f"/mails/{mail.id}/retry")
    run()
    assert len({m["Message-ID"] for m in server.to("anna")}) == 1 and len(server.to("anna")) == 2


@pytest.mark.parametrize("after", [True, False])
def test_other_mail_left_in_sending_is_sent_again_with_the_same_id(server, monkeypatch, after):
    mail = put()
    crash(monkeypatch, after)
    run(21)
    assert fresh(mail).state == "sent" and {m["Message-ID"] for m in server.mails} == {
        mail.message_id
    }


def test_a_mail_that_kills_the_process_each_time_is_given_up(server, monkeypatch):
    mail = put()
    for i in range(len(outbox.WAITS)):
        with at(now() + dt.timedelta(minutes=21 * i)):
            crash(monkeypatch, after=False)
    run(200)
    assert fresh(mail).state == "failed" and not server.mails


@pytest.mark.asvs("2.3.3", "16.5.3")
def test_nothing_is_mailed_for_a_deed_that_was_taken_back(firm, server):
    with db.atomic() as undo:
        put()
        undo.rollback()
    run()
    assert server.mails == []


def test_the_attachment_is_the_kept_paper_byte_for_byte(firm, server):
    firm.amin.revise(firm.li, sees_company=True)
    invoice = firm.issued(price="10")
    Mail.delete().execute()
    invoice.send(
        firm.li,
        [firm.anna, firm.amin],
        message="请查收 & <看>",
        key="k",
        base_url="http://localhost:8000",
    )
    run()
    assert len(server.mails) == 2
    for mail in server.mails:
        (part,) = mail.iter_attachments()
        assert (
            part.get_content() == invoice.pdf_bytes()
            and part.get_filename() == f"{invoice.number}.pdf"
        )
        assert (
            part.get_content_type() == "application/pdf"
            and "& <看>" in mail.get_body(("plain",)).get_content()
        )
    assert {m.state for m in Mail.about(invoice)} == {"sent"}


def test_a_reminder_carries_its_letter(firm, server):
    from models.dunning import Reminder

    letter(firm)
    run()
    (part,) = server.to("anna")[0].iter_attachments()
    assert part.get_content() == Reminder.get().pdf_bytes()


@pytest.fixture
def short_waits(monkeypatch):
    monkeypatch.setattr(smtp, "WAIT", 0.2)
    monkeypatch.setattr(smtp, "WAIT_AFTER_DATA", 0.4)


def mails_of_every_kind(firm):
    """A code, an invoice, a statement and a reminder, ready to be sent."""
    invoice = firm.issued(price="1000")
    with at(now() + dt.timedelta(days=40)):
        dunning.run_due()
    statement = Statement.make(firm.fang, firm.a, "CNY", today() - dt.timedelta(9), today())
    statement.send(firm.fang)
    Mail.delete().where(Mail.contact != firm.anna.id).execute()
    invoice.send(firm.li, [firm.anna], key="k")
    put()
    Mail.update(next_at=now()).execute()
    printed.print_waiting()
    kinds = {"sign_in", "document_sent", "statement", "reminder"}
    Mail.delete().where(Mail.template.not_in(kinds)).execute()
    assert {m.template for m in Mail.select()} == kinds


def turns(count):
    for _ in range(count):  # a server that does not answer is asked once a turn
        outbox.deliver_waiting()


def test_a_server_that_takes_its_time_after_the_message_has_it_once(server, short_waits):
    """It searches the whole message before it answers."""
    mail = put()
    server.hook = lambda: time.sleep(0.3)
    turns(2)
    assert fresh(mail).state == "sent" and len(server.mails) == 1


def test_a_paper_of_which_nobody_knows_whether_it_arrived_waits_for_a_person(
    firm, made_once, server, short_waits, sign_in
):
    made_once("mails of every kind", mails_of_every_kind)
    server.hook = lambda: time.sleep(0.5)
    turns(4)
    assert {m.template: m.state for m in Mail.select()} == {
        "sign_in": "queued",
        "document_sent": "failed",
        "statement": "failed",
        "reminder": "failed",
    }
    page = sign_in(firm.fang).get("/").text
    assert page.count("Possibly sent") == 3


def test_papers_left_in_sending_wait_for_a_person(firm, made_once, server):
    made_once("mails of every kind", mails_of_every_kind)
    Mail.update(state="sending").execute()
    run(21)
    assert {m.template: m.state for m in Mail.select() if m.state != "failed"} == {
        "sign_in": "sent"
    }


def test_a_turn_ends_after_a_minute_and_codes_to_sign_in_go_first(server, monkeypatch):
    monkeypatch.setattr(outbox, "TURN", 0.2)
    for i in range(3):
        put(f"k{i}", to=f"p{i}@a.test")
    Mail.update(template="digest").execute()
    put("code")
    server.hook = lambda: time.sleep(0.25)
    wake.event("mail").clear()
    outbox.deliver_waiting()
    assert [m["To"] for m in server.mails] == ["anna@a.test"]
    assert wake.event("mail").is_set(), "another turn follows at once"


def test_a_server_that_is_away_or_refuses_the_password_is_a_job_that_fails(app, server):
    put()
    outbox._settings["url"] = outbox._settings["url"].replace("smtp://", "smtp://me:wrong@")
    worker.run_once(app, "mail")
    (trouble,) = Lease.troubles()
    assert trouble.name == "job deliver mail" and "SMTPNotSupportedError" in trouble.trouble
    worker.run_once(app, "mail")
    assert Lease.troubles().exists(), "nothing was due, so nothing is better"
    with db.connection_context():
        outbox._settings["url"] = outbox._settings["url"].replace("me:wrong@", "")
        Mail.update(next_at=now()).execute()
        assert Mail.get().state == "queued"
    worker.run_once(app, "mail")
    assert not Lease.troubles().exists() and Mail.get().state == "sent"


@pytest.mark.parametrize(
    "domain, ascii_one",
    [
        ("exämple.de", "xn--exmple-cua.de"),
        ("straße.de", "xn--strae-oqa.de"),
        ("公司.cn", "xn--55qx5d.cn"),
        ("公司。中国", "xn--55qx5d.xn--fiqs8s"),
        ("a.test", "a.test"),
    ],
)
def test_a_domain_of_any_script_goes_out_as_every_server_takes_it(server, domain, ascii_one):
    mail = put(to=f"info@{domain}")
    run()
    assert fresh(mail).state == "sent" and server.mails[0]["To"] == f"info@{ascii_one}"
