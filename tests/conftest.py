"""A portal of its own for each test; PostgreSQL instead of SQLite by TEST_DATABASE_URL."""
import atexit
import copy
import os
import shutil
import tempfile
from pathlib import Path

import jinja2
import psycopg
import pytest

from app import create_app
from models.base import db
from tests.firm import Firm

POSTGRES = os.environ.get("TEST_DATABASE_URL", "")
SERVER, _, NAME = POSTGRES.rpartition("/")
_compiled, _begun = {}, {}


class Compiled(jinja2.BytecodeCache):
    """Templates compiled once for all portals of a run: most of a test's first page was this."""

    def load_bytecode(self, bucket):
        bucket.key in _compiled and bucket.bytecode_from_string(_compiled[bucket.key])

    def dump_bytecode(self, bucket):
        _compiled[bucket.key] = bucket.bytecode_to_string()


def begun():
    """(folder, firm): a migrated database without a firm and one with it are made once and kept; each test gets a copy of what it needs."""
    if not _begun:
        folder = _begun["folder"] = Path(tempfile.mkdtemp())
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        made = create_app(**settings_of(folder))
        with made.app_context():
            db.close()
            keep("empty")
            db.connect()
            _begun["firm"] = Firm()
            db.close()
            keep("firm")
    return _begun["folder"], _begun["firm"]


def keep(name):
    """Keep the database as it stands for lay_down()."""
    if POSTGRES:
        copy_on_postgres(NAME, f"{NAME}_{name}")
    else:
        shutil.copy(_begun["folder"] / "danju.db", _begun["folder"] / f"{name}.db")


def lay_down(name, folder):
    """The kept database of this name, for one test."""
    begun()
    if POSTGRES:
        copy_on_postgres(f"{NAME}_{name}", NAME)
    else:
        shutil.copy(_begun["folder"] / f"{name}.db", folder / "danju.db")


def copy_on_postgres(source, target):
    """`target` anew, as a copy of `source`: a tenth of the time that the migrations take."""
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as link:
        link.execute(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
        link.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')


@pytest.fixture
def app(tmp_path, request):
    lay_down("firm" if "firm" in request.fixturenames else "empty", tmp_path)
    made = create_app(**settings(tmp_path))
    made.wsgi_app = fresh(made, made.wsgi_app)
    made.jinja_env.bytecode_cache = Compiled()
    with made.app_context():
        yield made
    if not db.is_closed():
        db.close()


def settings_of(folder):
    """A portal's settings in this folder, with an empty database."""
    POSTGRES and copy_on_postgres("template1", NAME)
    return settings(folder)


def settings(folder):
    return dict(DATA_DIR=folder, DATABASE_URL=POSTGRES or f"sqlite:///{folder / 'danju.db'}", SECRET_KEY="k" * 40, SMTP_URL="",
                BASE_URL="http://localhost:8000", WTF_CSRF_ENABLED=False, TESTING=False)


def fresh(app, answer):
    """Give each request a context of its own: Flask lends it the test's, where `g` keeps the last person and language."""
    def answering(environ, start):
        with app.app_context():
            return answer(environ, start)
    return answering


@pytest.fixture
def firm(app):
    return copy.deepcopy(begun()[1])


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


