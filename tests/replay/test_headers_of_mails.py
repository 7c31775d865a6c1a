"""A line break in a name became a header of the mail, and the mail went to somebody else too."""

import email.policy

import pytest

from models.adapters import outbox
from models.adapters.outbox import Mail
from models.care import GreetingText
from models.care.greeting import compose
from models.company import Company
from models.core.errors import Refused
from models.customers import Contact, Customer
from models.people import User
from tests.support.sets import some
from tests.support.smtp import deliver

HEADERS = [
    "\r\nBcc: b@evil.test",
    "=?utf-8?q?=0D=0ABcc:_b@evil.test?=",
    '", b@evil.test, "',
    "\u2028Bcc: b@evil.test",
    " <b@evil.test>",
    "\nBcc: b@evil.test",
    "\rBcc: b@evil.test",
    "\r\n\r\n<script>body</script>",
    "%0d%0aBcc: b@evil.test",
    "\x0bBcc: b@evil.test\x85Cc: c@evil.test",
    "\r\n\tfolded",
]


@pytest.fixture
def received(server, monkeypatch):
    """(recipients of the envelope, message) of each mail."""
    found = []

    async def handle_DATA(self, _server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        found.append((list(envelope.rcpt_tos), message))
        return "250 kept"

    monkeypatch.setattr(type(server), "handle_DATA", handle_DATA)
    return found


def judge(received):
    for recipients, message in received:
        assert len(recipients) == 1 and recipients[0].endswith("@a.test")
        for name in ("To", "From", "Subject", "Message-ID", "Date", "Reply-To"):
            values = message.get_all(name, [])
            assert len(values) == (name != "Reply-To" or bool(values)), (name, values)
            assert not [v for v in values if "\n" in v or "\r" in v]
        assert message["Bcc"] is message["Cc"] is None
        assert len(message["To"].addresses) == 1
        assert len(message["From"].addresses) == 1
        assert message["From"].addresses[0].addr_spec == "firm@firm.test"
    assert received


@pytest.mark.asvs("1.3.11")
@pytest.mark.parametrize("text", some(3, HEADERS))
def test_apache_trusted_releases_603_a_name_with_line_breaks_makes_no_header(firm, received, text):
    """Subjects were put together with what people typed: `\\r\\n` in it added recipients.

    In the names of firm, customer, contact and colleague, as an earlier version may have kept
    them: no form of ours takes them."""
    Company.update(name=f"华信{text}", email="office@firm.test").execute()
    Customer.update(name=f"甲{text}").execute()
    Contact.update(name=f"Anna{text}").execute()
    User.update(name=f"Li{text}").execute()
    paper = firm.issued(price="10")
    Mail.delete().execute()
    paper.send(firm.li, [firm.anna], message=text, key="k", base_url="http://localhost:8000")
    deliver()
    judge(received)
    (recipients, message) = received[0]
    assert recipients == ["anna@a.test"]
    assert message.get_body(("plain",)) and len(list(message.iter_attachments())) == 1


@pytest.mark.parametrize("text", some(3, HEADERS))
def test_nodemailer_8_0_9_nothing_that_a_header_is_made_of_breaks_it(received, text):
    """Its list headers, file names and addresses took line breaks that the subject did not.

    Recipient, name of the file, address for answers, the link to unsubscribe."""
    Mail.enqueue("k", f"anna{text}@a.test", "greeting", "zh", {"subject": text, "text": text})
    Mail.enqueue(
        "k2",
        "anna@a.test",
        "greeting",
        "zh",
        {"subject": f"Hi{text}", "text": "x", "opt_out": f"https://a.test/{text}"},
    )
    outbox.deliver_waiting()
    outbox.deliver_waiting()
    whole = [pair for pair in received if pair[0] == ["anna@a.test"]]
    if received:
        judge(received)
    for _recipients, message in whole:
        assert len(message.get_all("List-Unsubscribe", [])) <= 1
    assert Mail.get(Mail.key == "k").state == "failed" and len(received) == 1


@pytest.mark.parametrize(
    "address", ["=?utf-8?q?=0D=0ABcc:b=40evil.test?=@a.test", "a@b.test, c@d.test"]
)
def test_nodemailer_8_0_9_no_form_takes_an_address_that_is_more_than_one(firm, sign_in, address):
    """Nor one that a header would decode into more."""
    form = {"name": "Anna", "email": address, "language": "en"}
    answer = sign_in(firm.li).post(f"/contacts/{firm.anna.id}/edit", data=form)
    assert (
        answer.status_code == 422 and not Contact.select().where(Contact.email == address).exists()
    )


@pytest.mark.parametrize("text", some(3, HEADERS))
def test_nodemailer_8_0_9_a_file_s_name_is_one_parameter(firm, received, text):
    """And the name of what is attached."""
    paper = firm.printed(price="10")
    Mail.delete().execute()
    paper.send(firm.li, [firm.anna], key="k", base_url="http://localhost:8000")
    Mail.update(filename=f"发票{text}.pdf").execute()
    deliver()
    judge(received)
    (attached,) = received[0][1].iter_attachments()
    name = attached.get_filename()
    assert name and "\n" not in name and "\r" not in name and "/" not in name
    assert (
        attached.get_content_type() == "application/pdf" and attached.get_content()[:4] == b"%PDF"
    )


def test_apache_trusted_releases_603_no_form_takes_a_line_break_into_a_header(firm, sign_in):
    """Where it is typed it is refused, before a mail is made of it."""
    for text in (HEADERS[0], *HEADERS[5:7]):
        with pytest.raises(Refused):
            GreetingText.write(firm.ada, "birthday", "en", f"Hi{text}{{x}}", "Hi")
        for path, field in (
            (f"/contacts/{firm.anna.id}/edit", "name"),
            (f"/customers/{firm.a.id}/edit", "name"),
        ):
            page = sign_in(firm.li).post(
                path, data={field: f"A{text}B", "email": f"a{text}@a.test"}
            )
            assert page.status_code == 422
    subject, _text = compose("birthday", firm.anna)
    assert "\n" not in subject and "\r" not in subject


@pytest.mark.parametrize(
    "name", ["华信, 商贸", "Müller, Söhne & Co", 'Weiß "Bau" <GmbH>', "Plain, Inc"]
)
def test_apache_trusted_releases_603_a_comma_in_a_name_makes_no_second_sender(firm, received, name):
    """A name that is not ASCII was encoded, taken in as text, decoded, and written without its
    quotes: `华信, 商贸` were two senders, and a name with an address in it another one."""
    Company.update(name=name).execute()
    paper = firm.issued(price="10")
    Mail.delete().execute()
    paper.send(firm.li, [firm.anna], key="k", base_url="http://localhost:8000")
    deliver()
    judge(received)
    shown = received[0][1]["From"].addresses[0].display_name
    assert shown.replace('"', "").startswith(name.replace('"', ""))
