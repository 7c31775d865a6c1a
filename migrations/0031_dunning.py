"""Levels of reminding, holds and promises. What an invoice has had is kept by days instead of by step."""

import json
from pathlib import Path

DAYS = [-3, 1, 7, 14, 30]  # what the settings held until then, where the firm had not changed them


def up(migrator, db):
    kind = "sqlite" if type(db).__name__ == "SqliteDatabase" else "postgres"
    statements = json.loads(Path(__file__).with_name("0031_dunning.json").read_text())[kind]
    for statement in statements:
        if statement == "STEPS BECOME DAYS":
            _days(db, "?" if kind == "sqlite" else "%s")
        else:
            db.execute_sql(statement)


def _days(db, mark):
    """Step n was the n-th of the firm's days, lowest first."""
    found = db.execute_sql('SELECT "settings" FROM "company" ORDER BY "id"').fetchone()
    days = sorted(json.loads(found[0] or "{}").get("reminder_days", DAYS)) if found else DAYS
    for ident, step in db.execute_sql('SELECT "id", "days" FROM "reminded"').fetchall():
        day = days[step - 1] if step <= len(days) else (days or [0])[-1] + step - len(days)
        db.execute_sql(f'UPDATE "reminded" SET "days" = {mark} WHERE "id" = {mark}', (day, ident))
