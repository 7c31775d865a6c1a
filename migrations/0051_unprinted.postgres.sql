-- The few documents of the firm's own whose PDF is still to be made, for which workers look often.
CREATE INDEX "document_unprinted" ON "document" ("id") WHERE "paper" IS NULL AND NOT "imported";
