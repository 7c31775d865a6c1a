"""A second place is told who was here: a syslog server or a webhook, without a request waiting for
it."""

import http.server
import json
import socket
from contextlib import contextmanager

import pytest

from config import BadSetting, receiver_address
from jobs import security_events
from jobs.guard import NOT_DUE
from models.adapters.event_receiver import NotTold
from models.core.clock import now
from models.people import AccessEntry, Session
from tests.servers import answering


@contextmanager
def webhook(status):
    """(its address, what it was sent)."""
    sent = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            sent.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

    with answering(Handler) as address:
        yield f"{address}/hook?token=1", sent


@pytest.fixture
def li(firm):
    AccessEntry.update(sent=True).execute()
    Session.start(firm.li)
    return firm.li


@pytest.mark.asvs("16.4.3")
def test_a_webhook_gets_each_event_once(li):
    with webhook(204) as (url, sent):
        security_events.tell(url)
        assert security_events.tell(url) is NOT_DUE
    [[event]] = [told["events"] for told in sent]
    assert (event["kind"], event["what"], event["person"]) == (
        "sign_in",
        "signed_in",
        f"User {li.id}",
    )


@pytest.mark.asvs("15.3.2", "16.4.3")
@pytest.mark.parametrize("status", [302, 500])
def test_what_was_refused_is_told_again_and_no_redirect_is_followed(li, status):
    with webhook(status) as (url, sent):
        for _turn in range(2):
            with pytest.raises(NotTold):
                security_events.tell(url)
    assert len(sent) == 2 and len(AccessEntry.unsent()) == 1


def test_a_refusal_that_is_counted_on_is_told_anew(li):
    line = {"kind": "refusal", "what": "forbidden", "person": "", "address": "", "told": "x"}
    with webhook(200) as (url, sent):
        for _turn in range(2):
            AccessEntry.keep(at=now(), **line)
            security_events.tell(url)
    assert [told["events"][-1]["times"] for told in sent] == [1, 2]


def test_syslog_gets_a_datagram_for_each(li):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0)), server.settimeout(5)
        security_events.tell(f"syslog://127.0.0.1:{server.getsockname()[1]}")
        line = server.recv(9000).decode()
    assert line.startswith("<85>1 ") and " danju - sign_in - {" in line
    assert json.loads(line[line.index("{") :])["what"] == "signed_in"


def test_syslog_by_tcp_gets_each_after_its_length(li):
    with socket.create_server(("127.0.0.1", 0)) as server:
        security_events.tell(f"syslog+tcp://127.0.0.1:{server.getsockname()[1]}")
        link, _address = server.accept()
        with link:
            length, _blank, line = link.recv(9000).partition(b" ")
    assert int(length) == len(line) and line.startswith(b"<85>1 ")


def test_nothing_is_sent_where_no_place_is_named(li):
    assert security_events.tell("") is NOT_DUE and len(AccessEntry.unsent()) == 1


@pytest.mark.parametrize("url", ["ftp://x", "syslog://", "https://user:pass@x/", "http://x:no/"])
def test_a_place_that_cannot_be_read_is_refused_at_the_start(url):
    with pytest.raises(BadSetting):
        receiver_address(url)


@pytest.mark.parametrize(
    "url", ["", "syslog://logs", "syslog+tcp://logs:6514", "https://x/hook?t=1"]
)
def test_these_places_are_taken(url):
    assert receiver_address(url) == url
