"""The second place that is told of events: a syslog server or a webhook, by SECURITY_URL."""

import http.client
import json
import socket
import ssl
from urllib.parse import urlsplit

PATIENCE = 5  # seconds
SECURITY = 10 * 8  # syslog's facility
NOTICE, WARNING = SECURITY + 5, SECURITY + 4


class NotTold(Exception):
    """The second place was not reached, or refused; shown until it takes events again."""


def send(url, events):
    """Tell the place of the events, each a dict with "at" and "kind". Raises NotTold or OSError."""
    place = urlsplit(url)
    if place.scheme in ("http", "https"):
        _post(place, events)
    elif place.scheme in ("syslog+tcp", "syslog+tls"):
        with _stream(place) as link:
            for line in map(_line, events):
                link.sendall(b"%d %s" % (len(line), line))  # RFC 6587: each after its length
    else:
        [(family, kind, _proto, _name, address), *_more] = socket.getaddrinfo(
            place.hostname, place.port or 514, type=socket.SOCK_DGRAM
        )
        with socket.socket(family, kind) as link:
            for event in events:
                link.sendto(_line(event), address)


def _stream(place):
    """A connection, over TLS (RFC 5425) with a checked certificate if so named."""
    if place.scheme == "syslog+tcp":
        return socket.create_connection((place.hostname, place.port or 514), PATIENCE)
    link = socket.create_connection((place.hostname, place.port or 6514), PATIENCE)
    return ssl.create_default_context().wrap_socket(link, server_hostname=place.hostname)


def _line(event):
    """The event as syslog writes it (RFC 5424), its facts as JSON."""
    priority = WARNING if event["kind"] == "refusal" else NOTICE
    head = f"<{priority}>1 {event['at']} {socket.gethostname()} danju - {event['kind']} -"
    return f"{head} {json.dumps(event, ensure_ascii=False)}".encode()


def _post(place, events):
    """As JSON {"events": [...]}; no redirect is followed."""
    made = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
    link = made(place.hostname, place.port, timeout=PATIENCE)
    try:
        path = (place.path or "/") + (f"?{place.query}" if place.query else "")
        body = json.dumps({"events": events}, ensure_ascii=False).encode()
        link.request("POST", path, body, {"Content-Type": "application/json; charset=utf-8"})
        status = link.getresponse().status
    except http.client.HTTPException as error:
        raise NotTold(f"no answer of HTTP: {type(error).__name__}") from error
    finally:
        link.close()
    if not 200 <= status < 300:
        raise NotTold(f"answered {status}")
