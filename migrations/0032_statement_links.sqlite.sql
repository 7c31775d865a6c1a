-- A link in a mail opens a document or a statement: one of both is NULL.
CREATE TABLE "document_link_new" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "token" VARCHAR(64) NOT NULL,
    "document_id" INTEGER,
    "contact_id" INTEGER NOT NULL,
    "email" VARCHAR(255) NOT NULL,
    "made_at" DATETIME NOT NULL,
    "expires_at" DATETIME NOT NULL,
    "revoked_at" DATETIME,
    "statement_id" INTEGER,
    FOREIGN KEY ("document_id") REFERENCES "document" ("id"),
    FOREIGN KEY ("contact_id") REFERENCES "contact" ("id"),
    FOREIGN KEY ("statement_id") REFERENCES "statement" ("id")
);
INSERT INTO "document_link_new" ("id", "token", "document_id", "contact_id", "email", "made_at", "expires_at", "revoked_at")
SELECT "id", "token", "document_id", "contact_id", "email", "made_at", "expires_at", "revoked_at" FROM "document_link";
DROP TABLE "document_link";
ALTER TABLE "document_link_new" RENAME TO "document_link";
CREATE UNIQUE INDEX "document_link_token" ON "document_link" ("token");
CREATE INDEX "document_link_document_id" ON "document_link" ("document_id");
CREATE INDEX "document_link_contact_id" ON "document_link" ("contact_id");
CREATE INDEX "document_link_statement_id" ON "document_link" ("statement_id");
