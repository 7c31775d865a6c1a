"""What a product costs, for flows by margin; whether a request may still be taken back, as its flow said when it began."""

import json
from pathlib import Path


def up(migrator, db):
    kind = "sqlite" if type(db).__name__ == "SqliteDatabase" else "postgres"
    for statement in json.loads(Path(__file__).with_name("0010_costs.json").read_text())[kind]:
        db.execute_sql(statement)
