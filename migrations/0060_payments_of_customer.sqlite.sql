-- A customer's contact sees the payments that no contact reported, beside those of its own contacts.
CREATE INDEX "payment_whose" ON "payment" ("customer_id", "reported_by_id");
