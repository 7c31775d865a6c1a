-- What was voided or taken back is little of what a customer ever had, and payments are read by the
-- days of a statement (models/receivables/ledger.py).
CREATE INDEX "document_customer_id_voided_on" ON "document" ("customer_id", "voided_on") WHERE "voided_on" IS NOT NULL;
CREATE INDEX "payment_customer_id_reversed_on" ON "payment" ("customer_id", "reversed_on") WHERE "reversed_on" IS NOT NULL;
DROP INDEX "payment_customer_id_currency_state_received_on_amount";
CREATE INDEX "payment_customer_id_currency_received_on_state_amount" ON "payment" ("customer_id", "currency", "received_on", "state", "amount");
-- What the list of payments is sorted by.
CREATE INDEX "payment_by_number" ON "payment" (COALESCE(((RTRIM("number", '0123456789') || SUBSTR('00000000000000000000', 1, CASE WHEN ((LENGTH("number") - LENGTH(RTRIM("number", '0123456789'))) > 20) THEN 0 ELSE (20 - (LENGTH("number") - LENGTH(RTRIM("number", '0123456789')))) END)) || SUBSTR("number", (LENGTH(RTRIM("number", '0123456789')) + 1))), ''), "id");
CREATE INDEX "payment_by_day" ON "payment" ("received_on", "id");
CREATE INDEX "payment_by_amount" ON "payment" ("amount", "id");
