"""A request may be about something other than a document; at most one is open for a paper."""

OTHERS = (
    '"flow_id" INTEGER NOT NULL, "plan" TEXT NOT NULL, "step" INTEGER NOT NULL, "state" VARCHAR(12) NOT NULL, '
    '"content_approved" VARCHAR(64) NOT NULL, "submitter_id" INTEGER NOT NULL, "opened_at" DATETIME NOT NULL, '
    '"purpose" VARCHAR(10) NOT NULL DEFAULT \'issue\', "reason" VARCHAR(500) NOT NULL DEFAULT \'\', "round" INTEGER NOT NULL DEFAULT 1, '
    '"back_to" INTEGER NOT NULL DEFAULT 0, "said" TEXT, "urged_at" DATETIME, "closed_at" DATETIME, "recall_late" INTEGER NOT NULL DEFAULT 0'
)
KEYS = (("document", "document"), ("flow", "approval_flow"), ("submitter", "users"))
NAMES = (
    '"id", "document_id", "flow_id", "plan", "step", "state", "content_approved", "submitter_id", "opened_at", "purpose", "reason", '
    '"round", "back_to", "said", "urged_at", "closed_at", "recall_late"'
)
NEW = "\"subject_type\" VARCHAR(24) NOT NULL DEFAULT ''", '"subject_id" INTEGER NOT NULL DEFAULT 0'


def up(migrator, db):
    if type(db).__name__ == "SqliteDatabase":
        _build_anew(db)
    else:
        db.execute_sql('ALTER TABLE "approval_request" ALTER COLUMN "document_id" DROP NOT NULL')
        for column in NEW:
            db.execute_sql(f'ALTER TABLE "approval_request" ADD COLUMN {column}')
    db.execute_sql(
        'CREATE INDEX "approval_request_subject_type_subject_id" ON "approval_request" ("subject_type", "subject_id")'
    )
    db.execute_sql(
        'CREATE UNIQUE INDEX "approval_request_open" ON "approval_request" ("document_id") '
        'WHERE "state" = \'open\' AND "document_id" IS NOT NULL'
    )
    db.execute_sql(
        'CREATE UNIQUE INDEX "approval_request_open_other" ON "approval_request" ("subject_type", "subject_id") '
        'WHERE "state" = \'open\' AND "document_id" IS NULL'
    )


def _build_anew(db):
    """SQLite cannot drop NOT NULL; foreign keys are off while migrations run."""
    keys = ", ".join(
        f'FOREIGN KEY ("{name}_id") REFERENCES "{table}" ("id")' for name, table in KEYS
    )
    db.execute_sql(
        f'CREATE TABLE "approval_request_new" ("id" INTEGER NOT NULL PRIMARY KEY, "document_id" INTEGER, {OTHERS}, {", ".join(NEW)}, {keys})'
    )
    db.execute_sql(
        f'INSERT INTO "approval_request_new" ({NAMES}) SELECT {NAMES} FROM "approval_request"'
    )
    db.execute_sql('DROP TABLE "approval_request"')
    db.execute_sql('ALTER TABLE "approval_request_new" RENAME TO "approval_request"')
    for name in ("document_id", "flow_id", "state", "submitter_id"):
        db.execute_sql(f'CREATE INDEX "approval_request_{name}" ON "approval_request" ("{name}")')
