"""What is logged of who asks for a link, and as what a visitor's address counts."""

import pytest

from models import people
from models.people import Attempt, Session, network
from tests.models.test_sessions import GOOD


@pytest.fixture
def li(firm):
    firm.li.set_password(GOOD, by=firm.li)
    return firm.li


@pytest.mark.parametrize("how", ["password", "sign_in"])
def test_each_request_for_a_link_stands_in_the_log_by_itself(app, li, caplog, how):
    caplog.set_level("INFO", "danju.security")
    for email in (li.email, "nobody@x.test", *[li.email] * people.TRIES):
        data = {"email": email, "how": "link" if how == "sign_in" else how}
        app.test_client().post("/forgotten", data=data)
    asked, unknown, *others, last = [r.getMessage() for r in caplog.records]
    assert asked == f"link asked for: {how}, User {li.id} from 127.0.0.1" == others[-1]
    assert unknown == f"link asked for: {how}, nobody we know from 127.0.0.1"
    assert last == f"link held back, too many tries: {how} from 127.0.0.1"


def test_an_ipv4_address_in_the_dress_of_ipv6_is_counted_and_kept_as_what_it_is(app, li):
    for i in range(people.TRIES * 5):
        data = {"email": f"nobody{i}@x.test", "password": "wrong"}
        app.test_client().post("/sign-in", data=data, environ_base=v6("192.0.2.1"))
    assert (
        {row.address for row in Attempt.select()} == {"192.0.2.1"} == {network("::ffff:192.0.2.1")}
    )
    data = {"email": li.email, "password": GOOD}
    refused = app.test_client().post("/sign-in", data=data, environ_base=v6("192.0.2.1"))
    taken = app.test_client().post("/sign-in", data=data, environ_base=v6("192.0.2.2"))
    assert (refused.status_code, taken.status_code) == (422, 303)
    assert Session.get().address == "192.0.2.2" == list(li.events)[-1].origin


def v6(address):
    return {"REMOTE_ADDR": f"::ffff:{address}"}
