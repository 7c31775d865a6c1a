-- A link in a mail opens a document or a statement: one of both is NULL.
ALTER TABLE "document_link" ALTER COLUMN "document_id" DROP NOT NULL;
ALTER TABLE "document_link" ADD COLUMN "statement_id" INTEGER REFERENCES "statement" ("id");
CREATE INDEX "document_link_statement_id" ON "document_link" ("statement_id");
