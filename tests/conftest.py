"""A portal of its own for each test; PostgreSQL instead of SQLite by TEST_DATABASE_URL."""

import copy
import gc
import os

import pytest
from argon2 import PasswordHasher

from models.company import SETTINGS
from models.core.database import FORMS, PRAGMAS, db
from models.people import account
from tests.support import databases, required, same_text
from tests.support.demo import demo_home  # noqa: F401  a fixture
from tests.support.office import office  # noqa: F401  a fixture
from tests.support.portal import portal_for
from tests.support.sets import FULL
from tests.support.shortcuts import (  # noqa: F401  fixtures
    quick_paper,
    remembered_pdfs,
    warm_proofs,
)
from tests.support.smtp import server  # noqa: F401  a fixture

# Without an order PostgreSQL gives rows as it likes; so that a test on SQLite meets this too, rows
# nobody asked an order of come backwards.
PRAGMAS["reverse_unordered_selects"] = 1
# Sixteen who write at once take turns, however busy the machine is.
FORMS["wait"] = 60_000
# Pages and documents show dates as they are stored, whatever the language.
SETTINGS["date_format"] = "iso"
# Hashing a password shall cost who guesses it, not the tests: 25 ms each time.
account._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
account._dummy_hash = account._hasher.hash("nobody")
LONG = os.environ.get("FAULTS") == "long"
if os.environ.get("SAME_TEXT_AS"):
    same_text.watch(os.environ["SAME_TEXT_AS"])


LONGEST = (
    "test_bad_input.py",
    "test_torn_line.py",
    "test_bad_requests.py",
    "test_audience.py",
    "browser",
    "real",
    "faults",
    "fuzz",
    "oracle",
)  # begun first, so that no process is left alone with one at the end


@pytest.hookimpl(trylast=True)  # after the shuffling
def pytest_collection_modifyitems(config, items):
    """Leave out what is not meant: tests of the other database, those of the full and of the long
    set unless asked for."""

    def meant(item):
        marks = {mark.name for mark in item.iter_markers()}
        return (
            (LONG or "long" not in marks)
            and (FULL or "full" not in marks)
            and ("on_sqlite" if databases.POSTGRES else "on_postgres") not in marks
        )

    out = [item for item in items if not meant(item)]
    if out:
        config.hook.pytest_deselected(items=out)
    items[:] = sorted(
        filter(meant, items),
        key=lambda item: next(
            (n for n, part in enumerate(LONGEST) if part in item.path.parts), len(LONGEST)
        ),
    )


def pytest_collection_finish():
    """What was imported lives to the end: the collector looking through it again and again took a
    tenth of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    required.fail_if_skipped((yield).get_result())


@pytest.fixture
def app(tmp_path, request):
    databases.lay_down("firm" if "firm" in request.fixturenames else "empty", tmp_path)
    made = portal_for(request.node.nodeid.partition("::")[0], tmp_path)
    with made.app_context():
        yield made
    if not db.is_closed():
        db.close()


@pytest.fixture
def firm(app):
    return copy.deepcopy(databases.begun()[1])


@pytest.fixture
def made_once(firm, tmp_path):
    """made_once(name, make): what make(firm) leaves behind and returns, made once a process and
    laid down anew for each test."""
    return lambda name, make: databases.made_once(name, firm, tmp_path, make)


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


@pytest.fixture
def asked(monkeypatch):
    """[(text, values)] of every statement."""
    statements, execute = [], type(db.obj).execute_sql

    def noted(self, sql, params=None, *args, **kwargs):
        statements.append((sql, params))
        return execute(self, sql, params, *args, **kwargs)

    monkeypatch.setattr(type(db.obj), "execute_sql", noted)
    return statements
