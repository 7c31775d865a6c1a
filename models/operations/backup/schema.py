"""The schema's versions: which migrations a database has had, and how to bring it to any of
them."""

from pathlib import Path

import peewee as pw
from playhouse.migrations import Runner

from models.core.database import db
from models.core.errors import refuse

FOLDER = Path(__file__).resolve().parents[3] / "migrations"


class Upto(Runner):
    """A runner that knows only some migrations: those that the source of a backup had."""

    only = None

    def migrations(self):
        return [m for m in super().migrations() if self.only is None or m.name in self.only]


def runner(database=None, only=None):
    made = Upto(database or db.obj, directory=str(FOLDER))
    made.only = only
    return made


def known():
    """Names of all migrations of this version, in order."""
    return [m.name for m in runner(pw.SqliteDatabase(None)).migrations()]


def pending():
    """Names of the migrations that the database at hand has not had."""
    return [m.name for m in runner().status() if m.path and not m.applied]


def build(path, names):
    """An empty SQLite database at `path` with exactly these migrations. Refused when one is not
    known here."""
    set(names) <= set(known()) or refuse("backup_newer")
    database = pw.SqliteDatabase(str(path))
    with database.connection_context():
        runner(database, set(names)).up()


def bring_up(path):
    """Take the SQLite database at `path` to this version; returns what was applied."""
    database = pw.SqliteDatabase(str(path))
    with database.connection_context():
        return runner(database).up()
