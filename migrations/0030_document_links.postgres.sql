-- Links in mails that open one document without signing in, and the browsers that came by them.
CREATE TABLE "document_link" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "token" VARCHAR(64) NOT NULL,
    "document_id" INTEGER NOT NULL,
    "contact_id" INTEGER NOT NULL,
    "email" VARCHAR(255) NOT NULL,
    "made_at" TIMESTAMP NOT NULL,
    "expires_at" TIMESTAMP NOT NULL,
    "revoked_at" TIMESTAMP,
    FOREIGN KEY ("document_id") REFERENCES "document" ("id"),
    FOREIGN KEY ("contact_id") REFERENCES "contact" ("id")
);
CREATE UNIQUE INDEX "document_link_token" ON "document_link" ("token");
CREATE INDEX "document_link_document_id" ON "document_link" ("document_id");
CREATE INDEX "document_link_contact_id" ON "document_link" ("contact_id");
CREATE TABLE "link_visit" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "token" VARCHAR(64) NOT NULL,
    "link_id" INTEGER NOT NULL,
    "started_at" TIMESTAMP NOT NULL,
    FOREIGN KEY ("link_id") REFERENCES "document_link" ("id") ON DELETE CASCADE
);
CREATE UNIQUE INDEX "link_visit_token" ON "link_visit" ("token");
CREATE INDEX "link_visit_link_id" ON "link_visit" ("link_id");
