"""Telling a second place who was here, where the firm has named one."""

from jobs.guard import NOT_DUE
from models.adapters import event_receiver
from models.people import AccessEntry


def tell(url):
    """Tell what it was not told yet; when it cannot be reached, again the next time. Each may so
    arrive twice, and is known by its id."""
    rows = AccessEntry.unsent() if url else []
    if not rows:
        return NOT_DUE
    event_receiver.send(url, [row.facts() for row in rows])
    return AccessEntry.mark_sent(rows)
