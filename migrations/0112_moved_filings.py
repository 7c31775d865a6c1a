"""A filing corrected into another class or year leaves its place behind, with a word of where it went."""


def up(migrator, db):
    db.execute_sql(
        'ALTER TABLE "filing" ADD COLUMN "moved_to_id" INTEGER REFERENCES "filing" ("id")'
    )
    db.execute_sql('CREATE INDEX "filing_moved_to_id" ON "filing" ("moved_to_id")')
