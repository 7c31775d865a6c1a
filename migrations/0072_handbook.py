"""The handbook in the firm’s own words, who acknowledged it, courses and rights that rest until they are passed."""

import json
from pathlib import Path


def up(migrator, db):
    kind = "sqlite" if type(db).__name__ == "SqliteDatabase" else "postgres"
    for statement in json.loads(Path(__file__).with_name("0072_handbook.json").read_text())[kind]:
        db.execute_sql(statement)
