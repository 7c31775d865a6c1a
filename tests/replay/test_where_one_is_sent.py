"""Where an answer or a mail sends people: never to a host that a request made up."""

import datetime as dt
import re
from urllib.parse import urlsplit

import pytest

from app import serving, write_mail
from jobs import serve
from models.adapters.outbox import Mail
from models.core.database import db
from models.documents import Document
from models.people import Session
from models.receivables import due_item
from tests import web
from tests.firm import KEY
from tests.models.test_sessions import GOOD
from tests.spoiling import enter, fields_read, posts
from tests.support.sets import some
from tests.support.signing_in import SID
from tests.support.signing_in import enter as sign_in_as
from tests.support.undo import undone
from tests.valid_forms import CASES
from tests.valid_forms.fields import filled
from tests.views.test_hosts import _answer

EVIL = [
    "////evil.test",
    "/\t/evil.test",
    "/\\evil.test",
    "https:evil.test",
    "https://evil.test",
    "//evil.test",
    "///evil.test",
    "/////evil.test",
    "/\n/evil.test",
    "/\r/evil.test",
    "\t//evil.test",
    "\n//evil.test",
    "\\\\evil.test",
    "/\\/evil.test",
    "\\/evil.test",
    "/\\\\evil.test",
    "\\/\\/evil.test",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "http:evil.test",
    "http:/evil.test",
    "http:///evil.test",
    "https:/\\evil.test",
    "https:\\\\evil.test",
    "ftp://evil.test",
    " //evil.test",
    "\u00a0//evil.test",
    "\ufeff//evil.test",
    "\u2028//evil.test",
    "/%09/evil.test",
    "/%0a/evil.test",
    "/%5cevil.test",
    "/%2f/evil.test",
    "/%2fevil.test",
    "%2f%2fevil.test",
    "/.//evil.test",
    "/..//evil.test",
    "/./\\evil.test",
    "/documents/..//evil.test",
    "/documents//evil.test",
    "/documents/../..//evil.test",
    "//localhost:8000@evil.test",
    "//evil.test\\@localhost",
    "//evil.test#@localhost",
    "//evil.test?localhost",
    "/sign-out",
    "/nowhere",
    "evil.test",
    "evil.test/documents/",
    "/\0/evil.test",
    "/\u2028/evil.test",
    "\uff0f\uff0fevil.test",
    "/\uff0fevil.test",
    "\u2044\u2044evil.test",
    "//[::1]/",
    "//evil.test:80/documents/",
    "//ev\u0131l.test",
    "/" * 3000,
    "/documents/\r\nLocation: //evil.test",
    "/documents/\r\n\r\n<script>alert(1)</script>",
]


@pytest.fixture
def li(firm):
    firm.li.set_password(GOOD, by=firm.li)
    return firm.li


def leads_out(location):
    """Whether a browser on a page of ours would leave our host, or run something: to it a
    backslash is a slash, tabs and line breaks are nothing, and of slashes two are enough."""
    there = re.sub(r"[\t\r\n]", "", location).strip().replace("\\", "/")
    return there.startswith("//") or urlsplit(there).scheme != "" or not there.startswith("/")


@pytest.mark.asvs("1.2.2", "3.7.2")
def test_flask_security_2021_32618_no_target_leads_out_of_the_house(app, client, li):
    """`/login?next=\\\\evil.test` was taken for relative; browsers read it as a host."""
    assert len(EVIL) >= 60 and all(leads_out(target) for target in EVIL[:6])
    for target in EVIL:
        answer = sign_in_as(client, li.email, next=target)
        language = client.post("/language", data={"language": "zh", "next": target})
        assert (answer.status_code, answer.location) == (303, "/"), target
        assert language.location == "/", target
        page = app.test_client().get("/sign-in", query_string={"next": target})
        assert page.status_code in (200, 400) and "<script>alert" not in page.text, target


def test_opencve_80_every_form_that_says_where_to_go_next_stays_inside(app, firm, sign_in):
    """The sign-in was mended and other forms with a `next` were not."""
    asked = [
        endpoint
        for endpoint in posts(app)
        if endpoint in CASES and "next" in fields_read(app.view_functions[endpoint])
    ]
    for endpoint in asked:
        with undone():
            who, path, fields, _strangers, *rest = CASES[endpoint](firm)
            browser = enter(app, firm, sign_in, who, "en", *rest)
            for number, target in enumerate(some(2, EVIL)):
                form = filled({**fields, "next": target})
                form["idempotency_key"] += str(number)
                answer = browser.post(path, data=form)
                location = answer.location or "/"
                assert not leads_out(location) and "evil" not in location, (endpoint, target)
    assert len(asked) > 5


def test_kindleear_734_no_address_of_ours_is_sent_on_to_another_host(app, firm, sign_in):
    """`urlparse` saw a path in `////evil.test`, the redirect made `//evil.test` of it.

    The router's own redirects too: a slash that is added, slashes that are merged."""
    browser = sign_in(firm.li)
    for path in (
        "//evil.test/documents",
        "//evil.test//documents/",
        "///evil.test/customers",
        "/\\evil.test/documents",
        "//evil.test/%2e%2e/documents",
        "/documents//evil.test",
        "/customers?next=//evil.test",
    ):
        for method in ("GET", "POST"):
            answer = browser.open(path, method=method, base_url="http://localhost:8000")
            assert not leads_out(answer.location or "/"), path
            assert not (answer.location or "/").startswith(("//", "/\\")), path


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.test"},
        {"X-Forwarded-Host": "evil.test"},
        {"Host": "evil.test:8000"},
        {"Forwarded": "host=evil.test"},
    ],
)
@pytest.mark.asvs("6.4.3")
def test_hashview_2025_43930_no_mail_and_no_answer_names_a_host_the_request_gave(
    app, firm, li, headers
):
    """Links in its mails named the Host of the request: invitations, new passwords, and more."""
    invoice = firm.issued(price="1000")
    Document.update(due_on=dt.date(2020, 1, 1)).where(Document.id == invoice.id).execute()
    due_item.rebuild()

    def post(
        path, person=None, **data
    ):  # the cookie by hand: the test's browser keeps it to its own host
        cookie = {"Cookie": f"{SID}={Session.start(person)}"} if person else {}
        return app.test_client(use_cookies=False).post(
            path, data={"idempotency_key": KEY + path, **data}, headers={**headers, **cookie}
        )

    answers = [
        post("/forgotten", email=li.email),
        post("/forgotten", email=li.email, how="link"),
        post(f"/contacts/{firm.anna.id}/invitation", li),
        post("/reminders/run", firm.fang, ids=[f"{firm.a.id}-CNY"]),
        post(f"/documents/{invoice.id}/sending", li, contacts=firm.anna.id),
        app.test_client().get("/sign-in", headers=headers),
    ]
    assert [a.status_code for a in answers] == [303] * 5 + [200]
    assert not [a for a in answers if "evil" in a.get_data(as_text=True) + str(a.headers)]
    mails = list(Mail.select())
    assert {m.template for m in mails} >= {
        "password",
        "sign_in",
        "invitation",
        "document_sent",
        "reminder",
    }
    assert not [m for m in mails if "evil" in m.compose().as_string() + m.message_id]
    assert db.is_closed() is False


@pytest.mark.parametrize("hosts", ["localhost,evil.test", "evil.test,localhost", "a b", "a/b"])
def test_flask_5718_two_hosts_or_a_broken_one_are_refused_by_the_server(
    app, firm, monkeypatch, hosts
):
    """Which host counts where there are two, or what a broken one is, was left to who reads it."""
    monkeypatch.setattr(web, "create_server", lambda app, **more: serve.listen(app, more, {}))
    settings = serving({**app.config, "HOST": "127.0.0.1", "PORT": 0})
    lines = "".join(f"Host: {host}\r\n" for host in hosts.split(","))
    with web.serving(app, **settings) as server:
        answer = _answer(server.effective_port, f"GET /documents HTTP/1.1\r\n{lines}\r\n".encode())
    assert answer.startswith("HTTP/1.1 400") and "evil" not in answer


def test_cve_2025_43932_a_mail_names_the_address_of_the_settings(app, firm, li):
    """As in hashview (43930), the link to set a new password was built from the Host of who asked
    for it, in the mail to the victim. Here it comes from BASE_URL, whichever header lies."""
    for header in ("Host", "X-Forwarded-Host", "X-Original-Host", "X-Host", "Forwarded"):
        app.test_client().post(
            "/forgotten", data={"email": li.email}, headers={header: "evil.test"}
        )
    mails = list(Mail.select().where(Mail.template == "password"))
    assert len(mails) == 5
    for mail in mails:
        text = " ".join(write_mail(mail)[:3])
        hosts = set(re.findall(r"https?://([^/\s\"<]+)", text))
        assert hosts == {"localhost:8000"}
