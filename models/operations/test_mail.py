"""A mail to whoever sets the portal up, to see that the mail server takes it."""

import secrets

from models.adapters.outbox import Mail
from models.company import Company

TEMPLATE = "test_mail"


def send(by):
    """Queue it, to this person."""
    by.must("configure")
    Mail.enqueue_to(by, f"test-{secrets.token_hex(8)}", TEMPLATE, {"firm": Company.current().name})


def last():
    """The newest of these mails, or None."""
    return Mail.select().where(Mail.template == TEMPLATE).order_by(Mail.id.desc()).first()
