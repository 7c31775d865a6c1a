"""Staff work from the networks of the company alone, where the settings name them."""

import http.client
import re

import pytest

from app import serving
from config import BadSetting, networks
from models.care import CalendarFeed
from models.operations import doctor
from models.people import AccessEntry, Code, Session, staff_networks
from models.people.access_entry import keep_waiting
from tests import web
from tests.firm import KEY
from tests.models.test_sessions import GOOD
from tests.support.signing_in import SID, enter

INSIDE, OUTSIDE = "10.1.2.3", "203.0.113.9"


@pytest.fixture
def fenced(app):
    staff_networks.use(networks("10.1.0.0/16, 2001:db8::/32"))
    yield
    staff_networks.use(())


@pytest.fixture
def outside(app):
    """A browser in the wide world."""
    browser = app.test_client()
    browser.environ_base = {**browser.environ_base, "REMOTE_ADDR": OUTSIDE}
    browser.set_cookie("language", "en")
    return browser


def says_why(answer, language="en"):
    assert answer.status_code == 403, answer.text
    words = {"en": "only from the networks of the company", "zh": "公司网络"}
    assert words[language] in answer.text


@pytest.mark.parametrize(
    "text, inside, outside",
    [
        ("10.1.0.0/16", ["10.1.2.3", "::ffff:10.1.2.3", "::FFFF:a01:203"], ["10.2.0.1", "::1"]),
        ("192.0.2.7", ["192.0.2.7"], ["192.0.2.8", "", "unix:", "10.1.2.3, 192.0.2.7"]),
        ("2001:db8::/32", ["2001:db8:1::5"], ["2001:db9::", "10.1.2.3"]),
        ("::ffff:10.1.0.0/112", ["10.1.2.3", "::ffff:10.1.2.3"], ["10.2.0.1"]),
        ("127.0.0.1 ,10.0.0.0/8", ["127.0.0.1", "10.255.0.1"], ["127.0.0.2"]),
        ("", [INSIDE, OUTSIDE, "", "::1"], []),
    ],
)
def test_an_address_is_inside_a_named_network(text, inside, outside):
    staff_networks.use(networks(text))
    try:
        assert all(map(staff_networks.inside, inside))
        assert not any(map(staff_networks.inside, outside))
    finally:
        staff_networks.use(())


@pytest.mark.parametrize(
    "text", ["10.1.2.3/8", "the office", "10.0.0.0/33", "10.0.0", "10.0.0.0/8;"]
)
def test_nonsense_does_not_start(text):
    with pytest.raises(BadSetting, match="STAFF_NETWORKS cannot be read.*192.168.1.0/24"):
        networks(text)


def test_every_page_of_staff_is_closed_to_who_comes_from_elsewhere(fenced, app, firm, outside):
    outside.set_cookie(SID, Session.start(firm.ada))
    asked = 0
    for rule in app.url_map.iter_rules():
        audience = getattr(app.view_functions[rule.endpoint], "audience", set())
        if "GET" in rule.methods and not rule.arguments and "staff" in audience:
            answer = outside.get(rule.rule)
            says_why(answer)
            assert firm.ada.name not in answer.text and 'href="/people/' not in answer.text
            asked += 1
    assert asked > 60
    says_why(outside.post("/people/invitations", data={"idempotency_key": KEY}))
    assert "Ada" not in outside.get("/nowhere").text


def test_who_comes_from_inside_works_on_and_a_session_is_not_lost(fenced, app, firm, outside):
    secret = Session.start(firm.li)
    outside.set_cookie(SID, secret)
    says_why(outside.get("/"))
    says_why(outside.get("/customers/", headers={"Accept-Language": "zh"}))
    outside.set_cookie("language", "zh")
    says_why(outside.get("/customers/"), "zh")
    for address in (INSIDE, f"::ffff:{INSIDE}", "2001:db8::1"):
        assert outside.get("/customers/", environ_base={"REMOTE_ADDR": address}).status_code == 200


def test_staff_sign_in_from_elsewhere_by_no_way(fenced, app, firm, outside):
    firm.li.set_password(GOOD, by=firm.li)
    says_why(enter(outside, firm.li.email))
    wrong = enter(outside, firm.li.email, "not the password")
    assert wrong.status_code == 422 and "incorrect" in wrong.text  # nobody learns who is of staff
    for purpose in ("sign_in", "password", "joining"):
        code = Code.make(purpose, firm.li)
        outside.set_cookie("code", code, path="/links")
        says_why(outside.post(f"/links/{purpose}", data={"password": GOOD * 2, "name": "Li"}))
        assert Code.holder(purpose, code) == firm.li  # not used up
    outside.set_cookie("half", Code.make("second_factor", firm.li), path="/sign-in")
    says_why(outside.post("/sign-in/second", data={"code": "000000"}))
    assert not Session.select().exists()
    keep_waiting()
    [entry] = AccessEntry.select().where(AccessEntry.what == "refused outside the networks")
    assert entry.times == 5 and entry.person == f"User {firm.li.id}"


def test_the_portal_is_open_to_customers_from_everywhere(fenced, firm, outside):
    firm.anna.set_password(GOOD, by=firm.anna)
    assert outside.get("/sign-in").status_code == 200
    assert enter(outside, firm.anna.email).location.startswith("/portal")
    assert outside.get("/portal/").status_code == 200
    assert outside.get("/healthz").status_code == 200


def test_a_calendar_of_staff_is_read_from_inside_only(fenced, firm, outside):
    asked = {"auth": (firm.li.email, CalendarFeed.make(firm.li))}
    says_why(outside.get("/follow-ups/feed.ics", **asked))
    inside = {"environ_base": {"REMOTE_ADDR": INSIDE}}
    assert outside.get("/follow-ups/feed.ics", **asked, **inside).status_code == 200


def test_nobody_sets_up_a_firm_from_elsewhere(fenced, app, outside):
    for path in ("/setup", "/setup/restore", "/setup#x"):
        says_why(outside.get(path))
    says_why(outside.post("/setup", data={"firm": "x"}))
    assert outside.get("/setup", environ_base={"REMOTE_ADDR": INSIDE}).status_code == 200


@pytest.mark.parametrize(
    "proxy, said, status",
    [
        ("127.0.0.1", f"{OUTSIDE}, {INSIDE}", 401),
        ("127.0.0.1", f"{INSIDE}, {OUTSIDE}", 403),
        ("127.0.0.1", OUTSIDE, 403),
        ("", INSIDE, 403),
    ],
)
@pytest.mark.asvs("4.1.3", "15.3.4")
def test_behind_a_proxy_the_true_peer_counts(fenced, app, firm, proxy, said, status):
    """Whoever speaks to us without the named proxy cannot say that they come from inside."""
    settings = serving({**app.config, "TRUSTED_PROXY": proxy, "HOST": "127.0.0.1", "PORT": 0})
    secret = Session.start(firm.li)
    with web.serving(app, **settings) as server:
        link = http.client.HTTPConnection("127.0.0.1", server.effective_port, timeout=20)
        cookie = {"Cookie": f"{SID}={secret}", "X-Forwarded-For": said}
        link.request("GET", "/customers/", headers=cookie)
        answer = link.getresponse()
        answer.read(), link.close()
    assert answer.status == (200 if status == 401 else 403)


def test_the_log_names_the_wide_world(fenced, firm, outside, sign_in):
    outside.set_cookie(SID, Session.start(firm.li))
    outside.get("/")
    page = sign_in(firm.ada)
    page.environ_base = {**page.environ_base, "REMOTE_ADDR": INSIDE}
    shown = page.get("/access/?kind=refusal").text
    assert "Staff from outside the networks refused" in shown and OUTSIDE in shown
    assert re.search(firm.li.name, shown)


def test_the_doctor_says_when_no_administrator_comes_from_inside(fenced, firm, outside, sign_in):
    def found():
        return next(f for _n, code, _good, f in doctor.examine(False) if code == "networks")

    assert found() == {}  # nobody was here yet
    Session.start(firm.ada, OUTSIDE)
    assert found() == {"found": OUTSIDE, "addresses": [OUTSIDE]}
    inside = sign_in(firm.ada)
    inside.environ_base = {**inside.environ_base, "REMOTE_ADDR": INSIDE}
    Session.update(address=OUTSIDE).execute()
    page = inside.get("/status/").text
    assert f"They last came from {OUTSIDE}." in page
    assert f"You come from {INSIDE}, as Danju sees it." in page
    Session.start(firm.ada, f"::ffff:{INSIDE}")
    assert found() == {}
    staff_networks.use(())
    assert "networks" not in {code for _n, code, _good, _f in doctor.examine(False)}
