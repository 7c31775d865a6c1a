"""Handing one message to the mail server, and finding out whether that would work."""

import contextlib
import re
import smtplib
import socket
import ssl
import unicodedata
from urllib.parse import unquote, urlsplit

WAIT = 30  # seconds for each answer
WAIT_AFTER_DATA = 600  # RFC 5321 4.5.3.2.6: the server may search the whole message first
UNREACHABLE = (
    smtplib.SMTPServerDisconnected,
    smtplib.SMTPConnectError,
    ConnectionError,
    TimeoutError,
    socket.gaierror,
)


class NoServer(Exception):
    """The mail server was not reached, or did not let us in: no mail goes out now."""


class Unsure(Exception):
    """The complete message was transmitted, but the server did not answer: whether it accepted it
    is unknown."""


class _WaitsAfterData:
    """Waits longer after the message was transmitted, and raises Unsure when no answer comes."""

    transmitted = False

    def getreply(self):
        try:
            code, text = super().getreply()
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            if self.transmitted:
                raise Unsure(f"{type(error).__name__}: {error}") from error
            raise
        self.transmitted = code == 354  # the server asked for the message, which follows
        if self.sock:
            self.sock.settimeout(WAIT_AFTER_DATA if self.transmitted else WAIT)
        return code, text


class _Smtp(_WaitsAfterData, smtplib.SMTP):
    """SMTP, with STARTTLS where it is set."""


class _SmtpOverTls(_WaitsAfterData, smtplib.SMTP_SSL):
    """SMTP over TLS from the first byte."""


@contextlib.contextmanager
def _signed_in(address):
    """A connection to smtp://, smtp+tls:// or smtps://user:password@host:port."""
    with contextlib.ExitStack() as opened:
        try:
            url = urlsplit(address)
            if url.scheme == "smtps":
                server = _SmtpOverTls(
                    url.hostname, url.port or 465, timeout=WAIT, context=_trusted()
                )
            else:
                server = _Smtp(url.hostname, url.port or 25, timeout=WAIT)
            opened.callback(_close, server)
            if url.scheme == "smtp+tls":
                server.starttls(context=_trusted())
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
        except Exception as error:
            raise NoServer(f"{type(error).__name__}: {error}") from error
        yield server


def _trusted():
    return ssl.create_default_context()


def _close(server):
    """The answer to QUIT says nothing about the message."""
    with contextlib.suppress(Exception):
        server.quit()
    server.close()


def send(address, message):
    """Hand over the message."""
    with _signed_in(address) as server:
        server.send_message(message)


def trouble(address):
    """Why the server does not let us in; empty when it does."""
    try:
        with _signed_in(address):
            return ""
    except NoServer as error:
        return str(error)


def ascii_address(address):
    """The mail address with its domain in punycode, which every server takes. The part before the
    @ is the receiving server's own, and stays."""
    name, at, domain = address.rpartition("@")
    return name + at + ascii_domain(domain)


def ascii_domain(domain):
    """The domain as it stands in the DNS: xn--… for what is not ASCII. By hand, since Python's own
    codec makes another domain of one with ß."""
    labels = re.split("[.。．｡]", domain)
    return ".".join(label if label.isascii() else _punycode(label) for label in labels)


def _punycode(label):
    return "xn--" + unicodedata.normalize("NFKC", label.lower()).encode("punycode").decode()
