-- Of the firm's own documents, which may be few beside the imported ones: those whose PDF is still to
-- be made, for which workers look often, and those that need a tax invoice.
CREATE INDEX "document_unprinted" ON "document" ("id") WHERE "paper" IS NULL AND NOT "imported";
CREATE INDEX "document_own" ON "document" ("kind", "state") WHERE NOT "imported";
