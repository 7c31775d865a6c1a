-- What is owed is summed and listed by indexes that hold all that is needed (models/receivables).
DROP INDEX "due_item_due_on";
CREATE INDEX "due_item_owed" ON "due_item" ("due_on", "customer", "currency", "open", "import_id") WHERE "open" > 0;
CREATE INDEX "due_item_debtor" ON "due_item" ("customer", "due_on") WHERE "open" > 0;
CREATE INDEX "due_sum_owed" ON "due_sum" ("currency", "open", "customer", "import_id");
-- How many documents of each kind a customer has, and which of them count.
CREATE INDEX "document_customer_id_kind_state" ON "document" ("customer_id", "kind", "state");
-- The money of a month.
CREATE INDEX "payment_received_on_currency_state_amount" ON "payment" ("received_on", "currency", "state", "amount");
