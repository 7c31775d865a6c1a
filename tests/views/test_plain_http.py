"""Where BASE_URL is https, nobody is served in clear; where it is not, nobody from outside."""

import contextlib
import http.client
import re
import shutil
import socket
import ssl
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

import config
from app import serving
from config import BadSetting
from jobs import serve
from tests import web
from tests.support import required
from tests.support.certificates import authority_and_server

BASE = "https://danju.test"


def ask(app, scheme=None, **more):
    """The status of a request as waitress hands it over: from its peer, and by which scheme a proxy
    says it came."""
    environ = {"danju.peer": more.pop("peer", "127.0.0.1"), "danju.scheme": scheme or "", **more}
    return app.test_client().get("/sign-in", environ_overrides=environ)


@pytest.mark.asvs("12.2.1")
@pytest.mark.parametrize(
    "proxy, peer, scheme, status",
    [
        ("", "127.0.0.1", "", 200),
        ("", "192.168.1.7", "", 403),
        ("", "8.8.8.8", "https", 403),
        ("10.0.0.2", "10.0.0.2", "https", 200),
        ("10.0.0.2", "::ffff:10.0.0.2", "", 200),
        ("10.0.0.2", "10.0.0.2", "http", 403),
        ("10.0.0.2", "10.0.0.3", "https", 403),
        ("*", "10.0.0.3", "https", 200),
        ("*", "10.0.0.3", "http", 403),
        ("", "127.0.0.1", "http", 403),
    ],
)
def test_with_https_nobody_is_served_in_clear_or_past_the_proxy(
    app, firm, proxy, peer, scheme, status
):
    app.config.update(BASE_URL=BASE, TRUSTED_PROXY=proxy)
    answer = ask(app, scheme, peer=peer)
    assert answer.status_code == status
    assert status == 200 or BASE in answer.text and "Set-Cookie" not in answer.headers


@pytest.mark.asvs("12.2.1")
def test_a_portal_in_a_house_serves_nobody_from_the_net_in_clear(app, firm):
    app.config.update(BASE_URL="http://danju.lan", HOST="0.0.0.0")
    for address, status in (("192.168.1.7", 200), ("fd00::7", 200), ("8.8.8.8", 403)):
        assert ask(app, REMOTE_ADDR=address).status_code == status, address
    app.config.update(BASE_URL="http://danju.example.com", WITHOUT_TLS={"danju.example.com"})
    assert ask(app, REMOTE_ADDR="8.8.8.8").status_code == 200


@pytest.mark.asvs("12.2.1")
@pytest.mark.parametrize(
    "url, good",
    [
        ("http://danju.example.com", False),
        ("http://8.8.8.8:8000", False),
        ("http://[2606:4700::1]", False),
        ("http://danju", True),
        ("http://danju.lan:8000", True),
        ("http://192.168.1.20", True),
        ("http://[fd00::1]:8000", True),
        ("https://danju.example.com", True),
    ],
)
def test_an_address_of_the_net_is_https_or_the_portal_does_not_start(url, good):
    with contextlib.nullcontext() if good else pytest.raises(BadSetting, match="https://"):
        assert config.base_address(url) == url
    assert config.base_address(url, unless={"danju.example.com", "8.8.8.8", "2606:4700::1"}) == url


@contextlib.contextmanager
def served(app, **more):
    """The port of the portal as `flask serve` serves it."""
    settings = serving({**app.config, "HOST": "127.0.0.1", "PORT": 0, **more})
    patch = pytest.MonkeyPatch()
    patch.setattr(web, "create_server", lambda app, **given: serve.listen(app, given, headers={}))
    with patch.context(), web.serving(app, **settings) as server:
        yield server.effective_port
    patch.undo()


@pytest.mark.asvs("12.2.1", "4.1.3")
@pytest.mark.parametrize("said, status", [("https", 200), ("http", 403), ("https, http", 403)])
def test_the_server_hears_from_the_proxy_how_it_was_asked(app, firm, said, status):
    app.config.update(BASE_URL=BASE, TRUSTED_PROXY="127.0.0.1")
    with served(app) as port:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        link.request("GET", "/sign-in", headers={"X-Forwarded-Proto": said})
        assert link.getresponse().status == status
        link.close()


@contextlib.contextmanager
def nginx(folder, portal, authority, certificate, key):
    """(the ports for http and for https) of nginx with deploy/nginx.conf."""
    program = shutil.which("nginx") or required.missing(required.NGINX)
    clear, safe = web.free_port(), web.free_port()
    text = Path("deploy/nginx.conf").read_text()
    for old, new in (
        ("listen 80;", f"listen 127.0.0.1:{clear};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{safe} ssl;"),
        ("danju.example.com;", "localhost;"),
        ("127.0.0.1:8000", f"127.0.0.1:{portal}"),
        ("https://$host$request_uri", f"https://$host:{safe}$request_uri"),
    ):
        assert old in text
        text = text.replace(old, new)
    text = re.sub(r"ssl_certificate \S+;", f"ssl_certificate {certificate};", text)
    text = re.sub(r"ssl_certificate_key \S+;", f"ssl_certificate_key {key};", text)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{ access_log {folder}/access.log; {temporary}\n{text}}}\n"
    )
    words = [program, "-e", f"{folder}/error.log", "-c", str(folder / "nginx.conf")]
    running = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _turn in range(100):
            with (
                contextlib.suppress(OSError),
                contextlib.closing(
                    http.client.HTTPConnection("127.0.0.1", clear, timeout=1)
                ) as link,
            ):
                link.connect()
                break
            time.sleep(0.05)
        yield clear, safe
    finally:
        running.terminate()
        running.wait(10)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated:DeprecationWarning")
@pytest.mark.asvs("12.1.1", "12.1.2", "12.2.1", "4.1.2")
def test_behind_nginx_as_we_give_it_everything_is_tls_of_today(app, firm, tmp_path):
    authority, *server = authority_and_server(tmp_path)
    app.config.update(BASE_URL="https://localhost", TRUSTED_PROXY="127.0.0.1")
    trust = ssl.create_default_context(cafile=authority)
    with served(app) as portal, nginx(tmp_path, portal, authority, *server) as (clear, safe):
        with urllib.request.urlopen(f"https://localhost:{safe}/sign-in", context=trust) as page:
            assert (
                page.status == 200
                and "max-age=31536000" in page.headers["Strict-Transport-Security"]
            )
        link = http.client.HTTPConnection("localhost", clear, timeout=10)
        link.request("GET", "/sign-in")
        answer = link.getresponse()
        assert (answer.status, answer.headers["Location"]) == (
            301,
            f"https://localhost:{safe}/sign-in",
        )
        link.close()
        for version, spoken in (
            (ssl.TLSVersion.TLSv1_1, False),
            (ssl.TLSVersion.TLSv1_2, True),
            (ssl.TLSVersion.TLSv1_3, True),
        ):
            assert speaks(safe, authority, version) == spoken, version
        assert speaks(safe, authority, ssl.TLSVersion.TLSv1_2, "AES128-SHA:AES256-SHA256") is False
        assert speaks(safe, authority, None) == "TLSv1.3"


@pytest.mark.asvs("12.1.1", "12.1.2")
def test_no_protocol_or_cipher_of_yesterday_is_named_or_used():
    text = Path("deploy/nginx.conf").read_text()
    assert re.findall(r"ssl_protocols (.+);", text) == ["TLSv1.2 TLSv1.3"]
    context = ssl.create_default_context()
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2  # of what Danju opens itself
    context.set_ciphers(re.search(r"ssl_ciphers (\S+);", text)[1])
    for cipher in context.get_ciphers():
        assert cipher["aead"] and cipher["strength_bits"] >= 128, cipher["name"]
        assert cipher["protocol"] == "TLSv1.3" or cipher["kea"] == "kx-ecdhe", cipher["name"]


def speaks(port, authority, version, ciphers=""):
    """Whether the server takes this version with these ciphers; of all, which it chooses."""
    context = ssl.create_default_context(cafile=authority)
    context.set_ciphers(f"{ciphers or 'ALL'}:@SECLEVEL=0")
    if version:
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = context.minimum_version = version
    try:
        with (
            socket.create_connection(("127.0.0.1", port), 5) as link,
            context.wrap_socket(link, server_hostname="localhost") as tls,
        ):
            return True if version else tls.version()
    except (ssl.SSLError, ConnectionError):
        return False
