"""Occasions, greetings in batches, the way out of them; surveys and feedback."""

import json
from pathlib import Path


def up(migrator, db):
    kind = "sqlite" if type(db).__name__ == "SqliteDatabase" else "postgres"
    for statement in json.loads(Path(__file__).with_name("0073_greetings.json").read_text())[kind]:
        db.execute_sql(statement)
