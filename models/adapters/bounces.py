"""Bounces: reads the delivery reports (RFC 3464) in the sender's mailbox by IMAP and marks the
mails that did not arrive."""

import email
import email.policy
import imaplib
import logging
import re
import ssl
from urllib.parse import unquote, urlsplit

from models.adapters.outbox import Mail
from models.core.errors import Refused

log = logging.getLogger("danju.mail")
MOST, TIMEOUT = 200, 30  # reports read at once; seconds
MESSAGE_ID = re.compile(r"<[^<>\s]+>")
STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")


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
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    if message.get_content_type() != "multipart/report":
        return "", ""
    fields, message_id = {}, ""
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            for block in part.get_payload() if part.is_multipart() else []:
                if (block.get("Action") or "").strip().lower() == "failed":
                    fields = {name.lower(): str(value) for name, value in block.items()}
        elif kind == "message/rfc822" and part.is_multipart():
            message_id = message_id or str(part.get_payload(0).get("Message-ID") or "")
        elif kind == "text/rfc822-headers":
            text = part.get_payload(decode=True) or b""
            message_id = message_id or str(
                email.message_from_bytes(text, policy=email.policy.compat32).get("Message-ID") or ""
            )
    message_id = message_id or str(message.get("In-Reply-To") or message.get("References") or "")
    match = MESSAGE_ID.search(message_id)
    return match.group(0) if match else "", _reason(fields)


def _reason(fields):
    """The other server's answer, on one line."""
    if not fields:
        return ""
    answer = re.sub(r"^\s*[\w-]+;", "", fields.get("diagnostic-code", ""))
    answer = " ".join((answer or fields.get("status", "")).split()) or "failed"
    status = STATUS.search(fields.get("status", ""))
    if status and status.group(0) not in answer:
        answer = f"{status.group(0)} {answer}"
    return answer[:500]


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
