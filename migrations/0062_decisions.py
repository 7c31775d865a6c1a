"""The month on one page, acts on figures, price lists, and who wants no offers."""

import json
from pathlib import Path


def up(migrator, db):
    kind = "sqlite" if type(db).__name__ == "SqliteDatabase" else "postgres"
    for statement in json.loads(Path(__file__).with_name("0062_decisions.json").read_text())[kind]:
        db.execute_sql(statement)
