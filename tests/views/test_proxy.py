"""Behind a proxy: whose word counts for where a request comes from."""

import http.client

import pytest

from app import serving
from models.people import Attempt
from tests import web


@pytest.mark.parametrize(
    "proxy, seen", [("", "127.0.0.1"), ("127.0.0.1", "10.1.2.3"), ("10.9.9.9", "127.0.0.1")]
)
@pytest.mark.asvs("4.1.3", "15.3.4")
def test_only_a_named_proxy_may_say_where_a_request_comes_from(app, firm, proxy, seen):
    settings = serving({**app.config, "TRUSTED_PROXY": proxy, "HOST": "127.0.0.1", "PORT": 0})
    with web.serving(app, **settings) as server:
        link = http.client.HTTPConnection("127.0.0.1", server.effective_port, timeout=20)
        link.request(
            "POST",
            "/forgotten",
            "email=x%40y.test",
            {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-Forwarded-For": "10.6.6.6, 10.1.2.3",
            },
        )
        answer = link.getresponse()
        answer.read(), link.close()
    assert answer.status == 303
    assert Attempt.get().address == seen
