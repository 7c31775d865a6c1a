"""Reported payments, bank charges, refunds, write-offs."""

import json
from pathlib import Path

COLUMNS = [
    ("payment", '"charges" BIGINT NOT NULL DEFAULT 0'),
    ("payment", '"reported_by_id" INTEGER REFERENCES "contact" ("id")'),
    ("payment", '"reported_at" {moment}'),
    ("payment", "\"wanted\" TEXT NOT NULL DEFAULT '[]'"),
    ("payment", '"slip" VARCHAR(64)'),
    ("payment", "\"slip_name\" VARCHAR(255) NOT NULL DEFAULT ''"),
    ("allocation", '"write_off_id" INTEGER REFERENCES "write_off" ("id")'),
]
INDEXES = [
    'CREATE INDEX "payment_reported_by_id" ON "payment" ("reported_by_id")',
    'CREATE INDEX "payment_customer_id_currency_state" ON "payment" ("customer_id", "currency", "state")',
    'CREATE INDEX "allocation_write_off_id" ON "allocation" ("write_off_id")',
]


def up(migrator, db):
    kind = "sqlite" if type(db).__name__ == "SqliteDatabase" else "postgres"
    for statement in json.loads(Path(__file__).with_name("0020_payments.json").read_text())[kind]:
        db.execute_sql(statement)
    for table, column in COLUMNS:
        db.execute_sql(
            f'ALTER TABLE "{table}" ADD COLUMN '
            + column.format(moment="DATETIME" if kind == "sqlite" else "TIMESTAMP")
        )
    for statement in INDEXES:
        db.execute_sql(statement)
