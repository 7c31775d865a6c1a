"""Backups: their places, and the list of those that lie there."""

import json
from pathlib import Path


def up(migrator, db):
    kind = "sqlite" if type(db).__name__ == "SqliteDatabase" else "postgres"
    for statement in json.loads(Path(__file__).with_name("0050_backups.json").read_text())[kind]:
        db.execute_sql(statement)
