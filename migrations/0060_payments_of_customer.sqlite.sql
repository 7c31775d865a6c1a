-- A customer's contact sees the payments that no contact reported, beside those of its own contacts.
CREATE INDEX "payment_whose" ON "payment" ("customer_id", "reported_by_id");
-- The portal's first page asks which orders and delivery notes wait for a confirmation.
CREATE INDEX "document_to_confirm" ON "document" ("customer_id", "id") WHERE "confirmed_at" IS NULL AND "kind" IN ('order', 'delivery_note');
