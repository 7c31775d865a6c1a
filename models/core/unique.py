"""What a unique index refuses, told from all else that a table refuses."""

from contextlib import contextmanager

import peewee as pw

from models.core.database import db
from models.core.errors import refuse


@contextmanager
def unique_or_refuse(code, **facts):
    """Write a row; refused with this code when another one has its unique value. What else breaks
    a rule of the table, such as a missing value, is no such case and travels up."""
    try:
        with db.atomic():
            yield
    except pw.IntegrityError as error:
        if not _is_twin(error.orig):
            raise
        refuse(code, **facts)


def _is_twin(error):
    """By its code: the words are in the language of the server."""
    return (
        getattr(error, "sqlstate", "") == "23505"
        or getattr(error, "sqlite_errorname", "") == "SQLITE_CONSTRAINT_UNIQUE"
    )
