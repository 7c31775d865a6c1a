"""Pictures of documents. Where one cannot be made its page says so; nothing else has failed."""

from jobs.guard import NOT_DUE
from models.adapters.printing import pictures


def make_waiting():
    """Make what is asked for."""
    return None if pictures.make_waiting() else NOT_DUE
