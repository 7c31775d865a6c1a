"""What every answer tells the browser to do, and not to do."""

import pytest

from app import create_app
from models.people import Code
from tests.firm import Firm
from tests.support.portal import isolate_requests

GOOD = "correct horse battery"


@pytest.fixture
def https(tmp_path):
    """A portal that people reach over TLS."""
    made = create_app(
        DATA_DIR=tmp_path,
        DATABASE_URL=f"sqlite:///{tmp_path / 'danju.db'}",
        SECRET_KEY="k" * 40,
        SMTP_URL="",
        BASE_URL="https://danju.test",
        WTF_CSRF_ENABLED=False,
    )
    isolate_requests(made)
    with made.app_context():
        yield made


@pytest.mark.asvs("3.3.4")
@pytest.mark.asvs("3.3.1", "3.3.2", "3.3.3")
def test_over_tls_every_cookie_is_bound_to_this_host_and_to_tls(https):
    firm = Firm()
    firm.li.set_password(GOOD, by=firm.li)
    browser, seen = https.test_client(), {}

    def took(answer):
        for line in answer.headers.getlist("Set-Cookie"):
            seen.setdefault(line.split("=")[0], []).append(line)
        return answer

    took(browser.post("/language", data={"language": "en"}, base_url="https://danju.test"))
    assert 'lang="en"' in browser.get("/sign-in", base_url="https://danju.test").get_data(
        as_text=True
    )
    took(
        browser.post(
            "/links/password/code",
            data={"code": Code.make("password", firm.li)},
            base_url="https://danju.test",
        )
    )
    assert (
        took(
            browser.post("/links/password", data={"password": GOOD}, base_url="https://danju.test")
        ).status_code
        == 303
    )
    took(
        browser.post(
            "/sessions/password", data={"old": "x", "password": "y"}, base_url="https://danju.test"
        )
    )
    took(browser.post("/forgotten", data={"email": "x@y.test"}, base_url="https://danju.test"))
    ask = {"email": "x@y.test", "how": "link"}
    took(browser.post("/forgotten", data=ask, base_url="https://danju.test"))
    assert set(seen) == {
        "__Secure-asked",
        "__Host-device",
        "__Host-language",
        "__Secure-code",
        "__Host-sid",
        "__Host-form",
    }
    assert not [
        line
        for lines in seen.values()
        for line in lines
        if "Secure" not in line.split(";", 1)[1] or "SameSite" not in line
    ]
    readable = {
        name for name, lines in seen.items() if not all("HttpOnly" in line for line in lines)
    }
    assert readable == {"__Host-language"}
    assert not [
        line
        for name in seen
        if name.startswith("__Host-")
        for line in seen[name]
        if "Path=/;" not in line + ";" or "Domain" in line
    ]


@pytest.mark.asvs("1.3.2", "3.2.1", "3.4.1", "3.4.2", "3.4.3", "3.4.4", "3.4.5", "3.4.6", "3.5.8")
def test_every_answer_is_guarded_whatever_it_is(https):
    Firm()
    for path in (
        "/sign-in",
        "/nowhere",
        "/static/danju.js",
        "/healthz",
        "/portal/logo",
        "/documents/",
    ):
        head = https.test_client().get(path, base_url="https://danju.test").headers
        assert (
            "max-age=31536000" in head["Strict-Transport-Security"]
            and head["X-Content-Type-Options"] == "nosniff"
        ), path
        assert (
            "'unsafe" not in head["Content-Security-Policy"]
            and "frame-ancestors 'none'" in head["Content-Security-Policy"]
        ), path
        policy = head["Content-Security-Policy"]
        assert all(
            part in policy
            for part in ("default-src 'self'", "object-src 'none'", "base-uri 'none'")
        )
        assert "includeSubDomains" in head["Strict-Transport-Security"], path
        assert (
            head["Cross-Origin-Resource-Policy"] == "same-origin"
            and head["Referrer-Policy"] == "no-referrer"
            and "camera=()" in head["Permissions-Policy"]
        ), path
        assert "Access-Control-Allow-Origin" not in head and "Server" not in head, path
        assert path.startswith("/static") or head["Cache-Control"] == "no-store, private", path


def test_the_icon_that_a_browser_asks_for_beside_a_slip_or_pdf_is_there(client):
    """A picture or PDF in a tab of its own names no icon, so the browser asks for this one."""
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert "max-age" in answer.headers["Cache-Control"] and b"<svg" in answer.data


def test_a_file_is_kept_by_no_browser_and_no_proxy(firm, sign_in):
    """For a file Flask says `no-cache`, which allows keeping it on the disk."""
    paper = firm.printed(price="10")
    for path in (f"{paper.id}/pdf", "export.csv", "export.xlsx"):
        answer = sign_in(firm.li).get(f"/documents/{path}")
        assert (answer.status_code, answer.cache_control.to_header()) == (200, "no-store, private")
