"""Taking back whatever a request does, so that many can be tried on one firm."""

from contextlib import contextmanager
from unittest import mock

from models.core import database
from models.core.database import db


@contextmanager
def undone():
    """Run the block in a transaction that is rolled back. What it prints and reads is done
    inside it."""
    with db.atomic() as everything, mock.patch.object(database, "check_no_transaction"):
        yield
        everything.rollback()
