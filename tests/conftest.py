"""A portal of its own for each test; PostgreSQL instead of SQLite by TEST_DATABASE_URL."""
import os

import pytest

from app import create_app
from models.base import db
from tests.firm import Firm


@pytest.fixture
def app(tmp_path):
    made = create_app(**settings_of(tmp_path))
    made.wsgi_app = fresh(made, made.wsgi_app)
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
    return Firm()


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


