"""Sending mail, so that a mail server that does not answer is shown like any job that fails."""

from jobs.guard import NOT_DUE
from models.adapters import outbox


class NotSent(Exception):
    """The mail server was not reached, or refused us; shown until a mail goes out."""


def deliver_waiting():
    """Send what waits. When nothing was due, the last failure still stands."""
    tried, trouble = outbox.deliver_waiting()
    if trouble:
        raise NotSent(trouble)
    return None if tried else NOT_DUE
