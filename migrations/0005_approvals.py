"""The whole approval engine: conditions, rounds, added and delegated tasks, time limits, comments."""

import json
from pathlib import Path


def up(migrator, db):
    kind = "sqlite" if type(db).__name__ == "SqliteDatabase" else "postgres"
    for statement in json.loads(Path(__file__).with_name("0005_approvals.json").read_text())[kind]:
        db.execute_sql(statement)
