-- What is left of payments and credit notes (models/receivables/credit_item.py); without those of an
-- import that is not published.
CREATE TABLE "credit_item" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "kind" VARCHAR(12) NOT NULL,
    "source" INTEGER NOT NULL,
    "currency" VARCHAR(3) NOT NULL,
    "customer" INTEGER NOT NULL,
    "amount" BIGINT NOT NULL,
    "import_id" INTEGER NOT NULL
);
CREATE UNIQUE INDEX "credit_item_kind_source" ON "credit_item" ("kind", "source");
CREATE INDEX "credit_item_customer_currency_amount_import_id" ON "credit_item" ("customer", "currency", "amount", "import_id");
INSERT INTO "credit_item" ("kind", "source", "currency", "customer", "amount", "import_id")
SELECT * FROM (
    SELECT 'payment', "id", "currency", "customer_id", "amount"
        - COALESCE((SELECT SUM("amount") FROM "allocation" WHERE "payment_id" = "source"."id"), 0)
        - COALESCE((SELECT SUM("amount") FROM "refund" WHERE "payment_id" = "source"."id" AND "state" = 'confirmed'), 0) AS "left",
        0
    FROM "payment" AS "source"
    WHERE "state" = 'confirmed' AND NOT EXISTS (SELECT 1 FROM "imported_range" WHERE "hidden" = 1 AND "name" = 'payment' AND "source"."id" BETWEEN "first" AND "last")
) AS "found" WHERE "left" > 0;
INSERT INTO "credit_item" ("kind", "source", "currency", "customer", "amount", "import_id")
SELECT * FROM (
    SELECT 'credit_note', "id", "currency", "customer_id", "total"
        - COALESCE((SELECT SUM("amount") FROM "allocation" WHERE "credit_note_id" = "source"."id"), 0)
        - COALESCE((SELECT SUM("amount") FROM "refund" WHERE "credit_note_id" = "source"."id" AND "state" = 'confirmed'), 0) AS "left",
        "import_id"
    FROM "document" AS "source"
    WHERE "kind" = 'credit_note' AND ("state" IN ('issued', 'archived') OR ("state" = 'destroyed' AND "void_reason" = ''))
        AND NOT EXISTS (SELECT 1 FROM "imported_range" WHERE "hidden" = 1 AND "name" = 'document' AND "source"."id" BETWEEN "first" AND "last")
) AS "found" WHERE "left" > 0;
-- Who owes something is little of all sums.
DROP INDEX "due_sum_owed";
CREATE INDEX "due_sum_owed" ON "due_sum" ("customer", "currency", "open", "import_id") WHERE "open" > 0;
-- How many documents a customer has to confirm is counted by the index alone.
DROP INDEX "document_customer_id_kind_state";
CREATE INDEX "document_customer_id_kind_state" ON "document" ("customer_id", "kind", "state", "confirmed_at");
-- The newest of a customer's history.
CREATE INDEX "document_customer_id_issued_on" ON "document" ("customer_id", "issued_on");
