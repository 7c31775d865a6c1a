"""Bounces: reads the delivery reports (RFC 3464) in the sender's mailbox by IMAP and marks the
mails that did not arrive."""

import imaplib
import logging
import ssl
from urllib.parse import unquote, urlsplit

from models.adapters import sandbox
from models.adapters.outbox import Mail
from models.core.errors import Refused

log = logging.getLogger("danju.mail")
MOST, TIMEOUT = 200, 30  # reports read at once; seconds


def read(url):
    """Read the unread delivery reports of the mailbox at imaps://user:password@host/folder, and
    mark each as read. Returns the mails that bounced. Other messages are left as they are."""
    if not url:
        return []
    bounced = []
    mailbox = _open(url)
    try:
        _data_of(mailbox.select(unquote(urlsplit(url).path.strip("/")) or "INBOX"))
        (numbers,) = _data_of(
            mailbox.uid("SEARCH", "UNSEEN", "HEADER", "Content-Type", "multipart/report")
        )
        for uid in (numbers or b"").split()[:MOST]:
            data = _data_of(mailbox.uid("FETCH", uid, "(BODY.PEEK[])"))
            raw = next((part[1] for part in data if isinstance(part, tuple)), b"")
            bounced += apply_report(raw)
            mailbox.uid("STORE", uid, "+FLAGS", r"(\Seen)")
    finally:
        mailbox.logout()
    return bounced


def apply_report(raw):
    """Mark the mail that this delivery report is about. A report of a delay, or about a mail that
    is not ours, changes nothing."""
    message_id, reason = parse(raw)
    if not reason:
        return []
    mails = list(Mail.select().where(Mail.message_id == message_id)) if message_id else []
    for mail in mails:
        try:
            mail.mark_bounced(reason)
        except Refused:  # marked before, by hand or by an earlier report
            log.info("mail %s had bounced already", mail.id)
    return mails


def parse(raw):
    """(Message-ID of the mail, why it failed) of a delivery report; ("", "") for any other message,
    and no reason for a delay."""
    try:
        return tuple(sandbox.call("models.adapters.sandbox.readers.bounces.parse", raw))
    except Refused as error:
        log.warning("a delivery report cannot be read: %s", error.code)
        return "", ""


def _open(url):
    parts = urlsplit(url)
    if parts.scheme == "imaps":
        mailbox = imaplib.IMAP4_SSL(
            parts.hostname,
            parts.port or 993,
            ssl_context=ssl.create_default_context(),
            timeout=TIMEOUT,
        )
    else:
        mailbox = imaplib.IMAP4(parts.hostname, parts.port or 143, timeout=TIMEOUT)
        if parts.scheme == "imap+tls":
            mailbox.starttls(ssl.create_default_context())
    mailbox.login(unquote(parts.username or ""), unquote(parts.password or ""))
    return mailbox


def _data_of(response):
    status, data = response
    if status != "OK":
        raise imaplib.IMAP4.error(str(data))
    return data
