"""A portal with something of everything, which the tests of a file share: each takes back what it
does."""

from contextlib import contextmanager

from app import create_app
from models.core.database import db
from tests import things
from tests.firm import Firm
from tests.support.databases import settings_of
from tests.support.portal import isolate_requests


@contextmanager
def house_in(folder):
    """The application; `firm` and `things` are its attributes."""
    made = create_app(**settings_of(folder))
    isolate_requests(made)
    with made.app_context():
        made.firm = Firm()
        made.things = things.make(made.firm)
        yield made
        db.close()
