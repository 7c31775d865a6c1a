"""A confirmation may carry a drawn signature."""


def up(migrator, db):
    db.execute_sql('ALTER TABLE "document" ADD COLUMN "signature" VARCHAR(64)')
