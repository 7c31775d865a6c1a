-- What each customer owes, in the order of the page of what is owed. The application fills it at its
-- next start (models/receivables/debtor.py).
CREATE TABLE "debtor" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "customer" INTEGER NOT NULL,
    "currency" VARCHAR(3) NOT NULL,
    "owner" INTEGER NOT NULL,
    "open" INTEGER NOT NULL,
    "credit" INTEGER NOT NULL
);
CREATE UNIQUE INDEX "debtor_customer_currency" ON "debtor" ("customer", "currency");
CREATE INDEX "debtor_in_order" ON "debtor" ("currency", "open" DESC, "credit" DESC, "customer", "owner");
-- What was billed lately, by the index alone (models/receivables/ageing.py: dso).
CREATE INDEX "document_billed" ON "document" ("kind", COALESCE("issued_on", "date"), "state", "currency", "total", "customer_id", "void_reason", "issued_on", "date");
