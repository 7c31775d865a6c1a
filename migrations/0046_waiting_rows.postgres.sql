-- What waits for somebody is little of all there is: drafts, and payments that customers reported
-- (models/documents/document.py is_begun, models/payments/payment.py is_reported).
CREATE INDEX "document_begun" ON "document" ("owner_id") WHERE "state" IN ('draft', 'returned');
CREATE INDEX "payment_reported" ON "payment" ("state", "customer_id") WHERE "state" = 'reported';
-- Balances sum the payments of each customer without reading their rows.
DROP INDEX "payment_customer_id_currency_state";
CREATE INDEX "payment_customer_id_currency_state_received_on_amount" ON "payment" ("customer_id", "currency", "state", "received_on", "amount");
