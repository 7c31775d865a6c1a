"""One application for a whole run, bound to a fresh folder for each test: compiling the routes is
most of a start."""

import contextlib
import functools
import re
from unittest import mock

import jinja2

import app
from app import build_app, create_app
from config import settings
from models.company import Company
from models.core.database import db
from tests.support import databases
from tests.support.sets import one_in

OWN = 8
_compiled, _started = {}, set()


class Compiled(jinja2.BytecodeCache):
    """Templates compiled once for all portals of a run: most of a test's first page was this."""

    def get_bucket(self, environment, name, filename, source):
        return super().get_bucket(environment, f"{name} {environment.language}", filename, source)

    def load_bytecode(self, bucket):
        if bucket.key in _compiled:
            bucket.bytecode_from_string(_compiled[bucket.key])

    def dump_bytecode(self, bucket):
        _compiled[bucket.key] = bucket.bytecode_to_string()


@functools.cache
def shared():
    """(the application, its configuration before any binding)."""
    made = build_app()
    isolate_requests(made)
    return made, dict(made.config)


def portal_for(module, folder):
    """The shared application on this folder, whose database is migrated already. The first test of
    some files, in full of each, gets one of its own, so that what only a fresh start or only a used
    application shows is seen too: a start is half a second."""
    given = databases.settings(folder)
    if module not in _started and one_in(OWN, module):
        _started.add(module)
        made = create_app(**given)
        made.jinja_env.bytecode_cache = Compiled()
        return isolate_requests(made)
    made, before = shared()
    made.config.clear()
    made.config.update(before)
    with mock.patch.object(app, "migrate", Company.use_zone):
        app.bind(made, settings(**given))
    return made


def isolate_requests(made):
    """Give each request a context of its own: Flask lends it the test's, where `g` keeps the last
    person and language."""
    answer = made.wsgi_app

    def answering(environ, start):
        with made.app_context():
            return answer(environ, start)

    made.wsgi_app = answering
    made.after_request(show_no_python)
    return made


def show_no_python(response):
    """Fail the page, of whichever test, that shows a method where a value was meant: of a dict
    `counts`, Jinja reads `counts.update` as dict.update."""
    if response.mimetype == "text/html" and not response.direct_passthrough:
        assert not re.search(
            r"&lt;(built-in|bound|function|method)", response.get_data(as_text=True)
        )
    return response


@contextlib.contextmanager
def portal_on(folder, **more):
    """A portal on a data folder that already holds a firm on SQLite, whatever database the other
    tests run on."""
    own = {"DATABASE_URL": f"sqlite:///{folder / 'danju.db'}"}
    if (folder / "secret_key").exists():
        own["SECRET_KEY"] = (folder / "secret_key").read_text().strip()
    made = create_app(**{**databases.settings(folder), **own, **more})
    isolate_requests(made)
    with made.app_context():
        yield made
    if not db.is_closed():
        db.close()
