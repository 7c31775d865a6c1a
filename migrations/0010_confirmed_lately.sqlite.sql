-- Each salesperson sees what customers confirmed lately.
CREATE INDEX "document_owner_id_confirmed_at" ON "document" ("owner_id", "confirmed_at");
