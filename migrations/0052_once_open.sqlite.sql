-- What was open on an earlier day is found by what was voided since (models/receivables/balance.py).
CREATE INDEX "document_voided_on" ON "document" ("voided_on") WHERE "voided_on" IS NOT NULL;
