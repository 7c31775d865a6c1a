-- What waits for somebody is little of all there is: drafts, and payments that customers reported
-- (models/documents/document.py is_begun, models/payments/payment.py is_reported).
CREATE INDEX "document_begun" ON "document" ("owner_id") WHERE "state" IN ('draft', 'returned');
CREATE INDEX "payment_reported" ON "payment" ("customer_id") WHERE "state" = 'reported';
