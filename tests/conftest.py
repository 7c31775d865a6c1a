"""A portal of its own for each test; PostgreSQL instead of SQLite by TEST_DATABASE_URL."""
import atexit
import copy
import os
import shutil
import tempfile
from pathlib import Path

import jinja2
import pytest

from app import create_app
from models.base import db
from tests.firm import Firm

_compiled, _begun = {}, {}


class Compiled(jinja2.BytecodeCache):
    """Templates compiled once for all portals of a run: most of a test's first page was this."""

    def load_bytecode(self, bucket):
        bucket.key in _compiled and bucket.bytecode_from_string(_compiled[bucket.key])

    def dump_bytecode(self, bucket):
        _compiled[bucket.key] = bucket.bytecode_to_string()


def begun():
    """(a migrated database without a firm, one with it, that firm), made once: each test copies what it needs. SQLite only."""
    if not _begun:
        folder = Path(tempfile.mkdtemp())
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        made = create_app(**settings_of(folder))
        with made.app_context():
            db.close()
            shutil.copy(folder / "danju.db", folder / "empty.db")
            db.connect()
            _begun["firm"] = Firm()
            db.close()
        _begun["folder"] = folder
    return _begun["folder"], _begun["firm"]


@pytest.fixture
def app(tmp_path, request):
    if not os.environ.get("TEST_DATABASE_URL"):
        shutil.copy(begun()[0] / ("danju.db" if "firm" in request.fixturenames else "empty.db"), tmp_path / "danju.db")
    made = create_app(**settings_of(tmp_path))
    made.wsgi_app = fresh(made, made.wsgi_app)
    made.jinja_env.bytecode_cache = Compiled()
    with made.app_context():
        yield made
    if not db.is_closed():
        db.close()


def settings_of(folder):
    """A portal's settings in this folder, with an empty database."""
    url = os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{folder / 'danju.db'}"
    if url.startswith("postgres"):
        import psycopg
        with psycopg.connect(url, autocommit=True) as link:
            link.execute("DROP SCHEMA public CASCADE")
            link.execute("CREATE SCHEMA public")
    return dict(DATA_DIR=folder, DATABASE_URL=url, SECRET_KEY="k" * 40, SMTP_URL="", BASE_URL="http://localhost:8000",
                WTF_CSRF_ENABLED=False, TESTING=False)


def fresh(app, answer):
    """Give each request a context of its own: Flask lends it the test's, where `g` keeps the last person and language."""
    def answering(environ, start):
        with app.app_context():
            return answer(environ, start)
    return answering


@pytest.fixture
def firm(app):
    return Firm() if os.environ.get("TEST_DATABASE_URL") else copy.deepcopy(begun()[1])


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def sign_in(app):
    from models.people import Session

    def enter(person):
        browser = app.test_client()
        browser.set_cookie("danju_sid", Session.start(person))
        browser.set_cookie("language", "en")
        return browser
    return enter


