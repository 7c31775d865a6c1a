"""What came back: reads the sender's mailbox by IMAP and marks the mails that did not arrive (RFC
3464)."""

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
MOST, SECONDS = 200, 30
IDENT = re.compile(r"<[^<>\s]+>")
STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")


def read(url):
    """Go through the unread delivery reports of the mailbox at imaps://user:password@host/folder;
    each is marked as read. Returns the mails found to have bounced. Other letters are not
    touched."""
    if not url:
        return []
    found = []
    box = _open(url)
    try:
        _said(box.select(unquote(urlsplit(url).path.strip("/")) or "INBOX"))
        (numbers,) = _said(
            box.uid("SEARCH", "UNSEEN", "HEADER", "Content-Type", "multipart/report")
        )
        for uid in (numbers or b"").split()[:MOST]:
            data = _said(box.uid("FETCH", uid, "(BODY.PEEK[])"))
            raw = next((part[1] for part in data if isinstance(part, tuple)), b"")
            found += take(raw)
            box.uid("STORE", uid, "+FLAGS", r"(\Seen)")
    finally:
        box.logout()
    return found


def take(raw):
    """Mark the mail that this delivery report is about. A report of a delay, or about a mail that
    is not ours, changes nothing."""
    ident, reason = parse(raw)
    if not reason:
        return []
    mails = list(Mail.select().where(Mail.message_id == ident)) if ident else []
    for mail in mails:
        try:
            mail.mark_bounced(reason)
        except Refused:  # told before, by hand or by an earlier report
            log.info("mail %s had bounced already", mail.id)
    return mails


def parse(raw):
    """(Message-ID of the mail, why it failed) of a delivery report; ("", "") of anything else, and
    no reason for a delay."""
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    if message.get_content_type() != "multipart/report":
        return "", ""
    fields, ident = {}, ""
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            for block in part.get_payload() if part.is_multipart() else []:
                if (block.get("Action") or "").strip().lower() == "failed":
                    fields = {name.lower(): str(value) for name, value in block.items()}
        elif kind == "message/rfc822" and part.is_multipart():
            ident = ident or str(part.get_payload(0).get("Message-ID") or "")
        elif kind == "text/rfc822-headers":
            text = part.get_payload(decode=True) or b""
            ident = ident or str(
                email.message_from_bytes(text, policy=email.policy.compat32).get("Message-ID") or ""
            )
    ident = ident or str(message.get("In-Reply-To") or "") or str(message.get("References") or "")
    match = IDENT.search(ident)
    return match.group(0) if match else "", _reason(fields)


def _reason(fields):
    """What the other server said, in one line."""
    if not fields:
        return ""
    told = re.sub(r"^\s*[\w-]+;", "", fields.get("diagnostic-code", "")) or fields.get("status", "")
    status = STATUS.search(fields.get("status", ""))
    told = " ".join(told.split()) or "failed"
    return (told if not status or status.group(0) in told else f"{status.group(0)} {told}")[:500]


def _open(url):
    parts = urlsplit(url)
    if parts.scheme == "imaps":
        box = imaplib.IMAP4_SSL(
            parts.hostname,
            parts.port or 993,
            ssl_context=ssl.create_default_context(),
            timeout=SECONDS,
        )
    else:
        box = imaplib.IMAP4(parts.hostname, parts.port or 143, timeout=SECONDS)
        if parts.scheme == "imap+tls":
            box.starttls(ssl.create_default_context())
    box.login(unquote(parts.username or ""), unquote(parts.password or ""))
    return box


def _said(answer):
    kind, data = answer
    if kind != "OK":
        raise imaplib.IMAP4.error(str(data))
    return data
