"""What comes back: real delivery reports (RFC 3464) read through a real IMAP conversation mark the
mails they are about."""

import re
import socket
import socketserver
import threading

import pytest

from models.adapters import bounces
from models.adapters.outbox import Mail
from models.core.errors import Refused
from tests.models.test_outbox import fresh, put

POSTFIX = """From: MAILER-DAEMON@mx.test (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: firm@firm.test
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="B1"
Message-Id: <20261124.1@mx.test>

This is a MIME-encapsulated message.

--B1
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--B1
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.test
Arrival-Date: Tue, 24 Nov 2026 09:00:00 +0000 (UTC)

Final-Recipient: rfc822; anna@a.test
Original-Recipient: rfc822;anna@a.test
Action: {action}
Status: {status}
Remote-MTA: dns; mail.a.test
Diagnostic-Code: smtp; {status} <anna@a.test>: Recipient address
    rejected: User unknown

--B1
Content-Description: Undelivered Message
Content-Type: message/rfc822

From: firm@firm.test
To: anna@a.test
Subject: Payment reminder
Message-ID: {ident}

Dear Anna

--B1--
"""
EXCHANGE = """From: postmaster@a.test
To: firm@firm.test
Subject: Unzustellbar
In-Reply-To: {ident}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="==="

--===
Content-Type: text/html; charset=utf-8

<p>Unzustellbar</p>
--===
Content-Type: message/delivery-status

Reporting-MTA: dns;EX01.a.test

Final-Recipient: rfc822;anna@a.test
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp;550 5.2.2 STOREDRV.Deliver; mailbox full

--===
Content-Type: text/rfc822-headers

Subject: x
Message-ID: {ident}
--===--
"""
LETTER = (
    "From: anna@a.test\nTo: firm@firm.test\nSubject: Re: reminder\nIn-Reply-To: "
    "{ident}\nContent-Type: text/plain\n\nDear firm, action: failed\n"
)


@pytest.fixture
def sent(app):
    mail = put()
    Mail.update(state="sent").execute()
    return fresh(mail)


def report(text, mail, action="failed", status="5.1.1"):
    return (
        text.format(ident=mail.message_id, action=action, status=status)
        .replace("\n", "\r\n")
        .encode()
    )


def test_the_report_of_postfix_marks_the_mail_with_what_the_server_said(sent):
    assert [m.id for m in bounces.apply_report(report(POSTFIX, sent))] == [sent.id]
    assert (
        fresh(sent).state == "bounced"
        and "User unknown" in fresh(sent).error
        and fresh(sent).error.startswith("5.1.1")
    )


def test_a_report_with_only_the_headers_of_the_mail(sent):
    bounces.apply_report(report(EXCHANGE, sent))
    assert fresh(sent).state == "bounced" and "mailbox full" in fresh(sent).error


@pytest.mark.parametrize(
    "raw",
    [
        lambda m: report(POSTFIX, m, "delayed", "4.4.1"),
        lambda m: report(POSTFIX, m, "delivered", "2.0.0"),
        lambda m: report(LETTER, m),
        lambda m: report(POSTFIX.replace("{ident}", "<stranger@x.test>"), m),
        lambda m: b"",
        lambda m: b"\xff\xfe\0",
        lambda m: report(POSTFIX, m)[:300],
        lambda m: report(POSTFIX, m).replace(b"message/delivery-status", b"text/plain"),
        lambda m: (
            b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\nContent-Type: "
            b"message/delivery-status\r\n\r\nAction: failed\r\n--x--"
        ),
    ],
)
def test_a_delay_a_letter_a_stranger_and_rubbish_change_nothing(sent, raw):
    assert bounces.apply_report(raw(sent)) == [] and fresh(sent).state == "sent"


def test_the_same_report_twice_is_one_bounce(sent):
    bounces.apply_report(report(POSTFIX, sent))
    error = fresh(sent).error
    bounces.apply_report(report(EXCHANGE, sent))
    assert fresh(sent).error == error


def test_by_hand_and_only_what_went_out(app, sent):
    queued = put("k2")
    with pytest.raises(Refused) as no:
        queued.mark_bounced("phone")
    assert no.value.code == "state_changed"
    sent.mark_bounced("她打电话说没收到")
    assert fresh(sent).state == "bounced" and Mail.failed().count() == 1
    Mail.retry(sent)
    assert fresh(sent).state == "queued"


class Mailbox(socketserver.StreamRequestHandler):
    """As much of IMAP4rev1 as a client needs to find, fetch and mark unread letters."""

    def handle(self):
        self.say("* OK ready")
        box = self.server
        for line in iter(self.rfile.readline, b""):
            tag, rest = line.decode().strip().split(" ", 1)
            box.heard.append(rest)
            verb = (
                " ".join(rest.upper().split(" ")[:2])
                if rest.upper().startswith("UID")
                else rest.split(" ")[0].upper()
            )
            if verb == "LOGIN" and box.password not in rest:
                self.say(f"{tag} NO wrong")
                continue
            if verb == "CAPABILITY":
                self.say("* CAPABILITY IMAP4rev1")
            elif verb == "SELECT":
                self.say(f"* {len(box.letters)} EXISTS")
            elif verb == "UID SEARCH":
                hits = [
                    n
                    for n, raw in box.letters.items()
                    if n not in box.seen and b"multipart/report" in raw.split(b"\r\n\r\n")[0]
                ]
                self.say("* SEARCH " + " ".join(map(str, hits)))
            elif verb == "UID FETCH":
                n = int(rest.split(" ")[2])
                raw = box.letters[n]
                self.wfile.write(
                    f"* {n} FETCH (UID {n} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n"
                )
            elif verb == "UID STORE":
                box.seen.add(int(rest.split(" ")[2]))
            elif verb == "LOGOUT":
                self.say("* BYE")
            self.say(f"{tag} OK done")
            if verb == "LOGOUT":
                return

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")


@pytest.fixture
def mailbox():
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mailbox)
    server.letters, server.seen, server.heard, server.password = {}, set(), [], "se cret"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.url = f"imap://firm:se%20cret@127.0.0.1:{server.server_address[1]}/INBOX"
    yield server
    server.shutdown()
    server.server_close()


def test_the_mailbox_is_read_once_and_other_letters_stay_unread(sent, mailbox):
    mailbox.letters.update(
        {
            1: report(LETTER, sent),
            2: report(POSTFIX, sent),
            3: report(POSTFIX, sent, "delayed", "4.4.1"),
        }
    )
    assert [m.id for m in bounces.read(mailbox.url)] == [sent.id] and fresh(sent).state == "bounced"
    assert mailbox.seen == {2, 3} and bounces.read(mailbox.url) == []
    assert not [x for x in mailbox.heard if re.search(r"BODY\[", x)], (
        "fetching must not mark as read"
    )
    assert sum("FETCH" in x for x in mailbox.heard) == 2


def test_a_wrong_password_or_no_server_is_an_error_that_the_job_shows(sent, mailbox):
    with pytest.raises(Exception, match="wrong"):
        bounces.read(mailbox.url.replace("se%20cret", "x"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(OSError):
            bounces.read(f"imap://a:b@127.0.0.1:{free.getsockname()[1]}")
    assert bounces.read("") == [] and fresh(sent).state == "sent"
