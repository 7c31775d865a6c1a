"""Statements and their batches."""

import json
from pathlib import Path


def up(migrator, db):
    kind = "sqlite" if type(db).__name__ == "SqliteDatabase" else "postgres"
    for statement in json.loads(Path(__file__).with_name("0021_statements.json").read_text())[kind]:
        db.execute_sql(statement)
