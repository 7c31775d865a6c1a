"""Delivery reports (RFC 3464): which mail did not arrive, and why."""

import email
import email.policy
import re

MESSAGE_ID = re.compile(r"<[^<>\s]+>")
STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")


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
