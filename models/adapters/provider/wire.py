"""What is fetched from an OpenID provider: small JSON objects, without following redirects."""

import base64
import contextlib
import http.client
import ipaddress
import json
import logging
import re
import socket
import ssl
import threading
from urllib.parse import quote, urlencode, urlsplit

from models.core.errors import refuse

log = logging.getLogger("danju.provider")
PATIENCE, WHOLE = 5, 15  # seconds: for each step, for all of them
MOST = 2**20  # bytes of an answer


def ask(address, issuer, form=None, headers=None):
    """The JSON object at the address; with a form, as the answer to it. Refused when the provider
    is away, or answers with anything else."""
    check_scheme(address, issuer)
    try:
        status, body = _exchanged(urlsplit(address), issuer, form, headers or {})
    except (OSError, http.client.HTTPException, ValueError) as error:
        log.warning("%s is away: %s: %s", address, type(error).__name__, error)
        refuse("provider_away")
    if status >= 500 or status == 429:
        log.warning("%s is away: it answers %s", address, status)
        refuse("provider_away")
    if status != 200:
        log.warning("%s answers %s: %s", address, status, _error(body))
        refuse("provider_refused")
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        log.warning("%s answers with what is no JSON object", address)
        refuse("provider_untrusted")
    return found


def _error(body):
    """The word by which an answer says what was wrong; its sentence may repeat what is secret."""
    found = re.search(rb'"error"\s*:\s*"([a-z_]{1,40})"', body)
    return found[1].decode() if found else "no reason"


def check_scheme(address, issuer):
    """Refused for what is not encrypted; on this machine it need not be."""
    try:
        parts = urlsplit(address if isinstance(address, str) else "")
        fits = parts.hostname and not parts.username and (parts.port is None or parts.port > 0)
    except ValueError:
        fits = False
    at_home = fits and issuer.startswith("http://") and parts.netloc == urlsplit(issuer).netloc
    if not fits or parts.scheme != "https" and not (parts.scheme == "http" and at_home):
        log.error("the provider names an address that is not used: %r", address)
        refuse("provider_misset")


def basic(client, secret):
    """The header by which a client tells its secret (RFC 6749, 2.3.1)."""
    pair = f"{quote(client, safe='')}:{quote(secret, safe='')}"
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def with_query(address, **more):
    return f"{address}{'&' if '?' in address else '?'}{urlencode(more)}"


def _exchanged(parts, issuer, form, headers):
    """(status, body)"""
    safe = parts.scheme == "https"
    kind = http.client.HTTPSConnection if safe else http.client.HTTPConnection
    link = kind(parts.hostname, parts.port, timeout=PATIENCE)
    with contextlib.closing(link):
        link.sock = _connected(parts, issuer)
        if safe:
            link.sock = ssl.create_default_context().wrap_socket(
                link.sock, server_hostname=parts.hostname, do_handshake_on_connect=False
            )
        with _cut_off_in_time(link.sock):
            safe and link.sock.do_handshake()
            return _answered(link, parts, form, headers)


def _answered(link, parts, form, headers):
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    headers = {"Accept": "application/json", "User-Agent": "Danju", **headers}
    if form is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    link.request("GET" if form is None else "POST", path, form, headers)
    answer, body = link.getresponse(), b""
    while part := answer.read1(2**16):
        body += part
        if len(body) > MOST:
            raise http.client.HTTPException("the answer is too long")
    return answer.status, body


@contextlib.contextmanager
def _cut_off_in_time(link):
    """End what goes on over the socket when all of it has taken too long: each step alone may
    always be just in time."""
    late = threading.Event()
    timer = threading.Timer(WHOLE, _shut_down, [link, late])
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
    if late.is_set():
        raise TimeoutError("the answer took too long")


def _shut_down(link, late):
    late.set()
    with contextlib.suppress(OSError):
        link.shutdown(socket.SHUT_RDWR)


def _connected(parts, issuer):
    """A socket to the very address that was judged. The provider may be in the firm's own network;
    what it names elsewhere may not be, or it could have us ask our own neighbors."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    if parts.hostname != urlsplit(issuer).hostname:
        for *_rest, address in found:
            if not ipaddress.ip_address(address[0].partition("%")[0]).is_global:
                log.error("the provider names a host of a private network: %s", parts.hostname)
                refuse("provider_misset")
    failure = OSError("no address")
    for *_rest, address in found:
        try:
            return socket.create_connection(address[:2], PATIENCE)
        except OSError as error:
            failure = error
    raise failure
