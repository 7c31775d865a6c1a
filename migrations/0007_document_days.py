"""Lists of documents by day go along an index; so do those of one salesperson."""


def up(migrator, db):
    db.execute_sql('CREATE INDEX "document_date_id" ON "document" ("date", "id")')
    db.execute_sql('CREATE INDEX "document_total_id" ON "document" ("total", "id")')
