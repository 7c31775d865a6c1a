"""Announcements of planned maintenance."""


def up(migrator, db):
    sqlite = type(db).__name__ == "SqliteDatabase"
    key, moment, flag = (
        ("INTEGER NOT NULL PRIMARY KEY", "DATETIME", "INTEGER")
        if sqlite
        else ("SERIAL NOT NULL PRIMARY KEY", "TIMESTAMP", "BOOLEAN")
    )
    db.execute_sql(
        f'CREATE TABLE "announcement" ("id" {key}, "begins_at" {moment} NOT NULL, "ends_at" {moment} NOT NULL, '
        f'"text" VARCHAR(500) NOT NULL, "withdrawn" {flag} NOT NULL)'
    )
    db.execute_sql('CREATE INDEX "announcement_ends_at" ON "announcement" ("ends_at")')
