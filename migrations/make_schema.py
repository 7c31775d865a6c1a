"""Print the frozen CREATE statements for a new migration, from the models as they stand (a developer's helper)."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import peewee as pw  # noqa: E402

import models.load  # noqa: E402, F401
from models.core.database import db  # noqa: E402
from models.core.model import tables  # noqa: E402


def statements(real):
    db.initialize(real)
    found = []
    for model in pw.sort_models(tables()):
        if model.__name__ == "Model":
            continue
        model._schema.database = real
        found.append(model._schema._create_table(False).query()[0])
        found += [c.query()[0] for c in model._schema._create_indexes(False)]
    return found


if __name__ == "__main__":
    print(
        json.dumps(
            {
                "sqlite": statements(pw.SqliteDatabase(":memory:")),
                "postgres": statements(pw.PostgresqlDatabase("x", prefer_psycopg3=True)),
            },
            indent=1,
        )
    )
