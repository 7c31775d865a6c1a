"""A host that a request makes up gets into nothing, and one request names one."""

import socket

import pytest

from app import serving
from jobs import serve
from tests import web
from views.web.headers import PUBLIC, guards

EVIL = "http://evil.test"


@pytest.mark.asvs("3.7.2")
@pytest.mark.parametrize("path", ["/documents", "/documents?a=1", "/portal"])
def test_a_redirect_names_no_host(client, firm, path):
    answer = client.get(path, base_url=EVIL)
    assert answer.status_code == 308 and "evil" not in answer.text
    assert answer.location == "/" + path.strip("/").replace("?", "/?") + "/" * ("?" not in path)


@pytest.mark.asvs("14.2.2", "14.3.2")
def test_a_made_up_host_stands_in_no_answer(app, firm, sign_in):
    browsers = [sign_in(who) for who in (firm.ada, firm.li, firm.anna)] + [app.test_client()]
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and not rule.arguments:
            for browser in browsers:
                headers = {"Host": "evil.test", "X-Forwarded-Host": "evil.test"}
                answer = browser.get(rule.rule, headers=headers)
                found = b"evil.test" in answer.data or "evil.test" in str(answer.headers)
                assert not found, rule.rule
                kept = (
                    rule.endpoint in PUBLIC and answer.status_code == 200
                ) or "no-store, private" in str(answer.headers)
                assert kept, rule.rule


def _answer(port, request):
    with socket.create_connection(("127.0.0.1", port), 9) as line:
        line.sendall(request)
        return b"".join(iter(lambda: line.recv(4096), b"")).decode()


@pytest.mark.asvs("3.4.3", "3.4.4", "3.4.6")
@pytest.mark.parametrize(
    "code, request_",
    [
        (400, b"GET /sign-in HTTP/1.1\r\nHost: a.test\r\nHost: b.test\r\n\r\n"),
        (400, b"GET /sign-in HTTP/1.1\r\nHost: a.test/x\r\n\r\n"),
        (400, b"GET /sign-in HTTP/1.1\r\nHost: a@b\r\n\r\n"),
        (400, b"GET\r\n\r\n"),
        (413, b"POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 999999999\r\n\r\n"),
        (431, b"GET / HTTP/1.1\r\nX: " + b"x" * 262_130 + b"\r\n\r\n"),
        (501, b"GET / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: x\r\n\r\n"),
        (200, b"GET /sign-in HTTP/1.1\r\nHost: a.test:80\r\nConnection: close\r\n\r\n"),
        (200, b"GET /sign-in HTTP/1.1\r\nHost: [::1]:80\r\nConnection: close\r\n\r\n"),
    ],
)
def test_what_the_server_refuses_itself_is_guarded_too(app, firm, monkeypatch, code, request_):
    monkeypatch.setattr(
        web, "create_server", lambda app, **given: serve.listen(app, given, guards(False))
    )
    settings = serving({**app.config, "HOST": "127.0.0.1", "PORT": 0})
    with web.serving(app, **settings) as server:
        head = _answer(server.effective_port, request_).partition("\r\n\r\n")[0]
    assert head.startswith(f"HTTP/1.{'1' if b'/1.1' in request_ and code != 431 else '0'} {code}")
    for name in (
        "Content-Security-Policy",
        "Permissions-Policy",
        "X-Content-Type-Options: nosniff",
    ):
        assert name in head, head
    assert "Cache-Control: no-store, private" in head


@pytest.mark.parametrize("host", ["[::", "x" * 3000, "a..b"])
def test_a_host_that_is_none_is_refused(app, firm, sign_in, host):
    for browser in (sign_in(firm.li), app.test_client()):
        assert browser.get("/", headers={"Host": host}).status_code < 500
