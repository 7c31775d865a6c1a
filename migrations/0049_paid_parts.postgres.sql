-- What was paid of each invoice, when and how late, for the figures on days to pay. The application
-- fills it at its next start (models/receivables/paid_part.py).
CREATE TABLE "paid_part" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "invoice" INTEGER NOT NULL,
    "day" DATE NOT NULL,
    "currency" VARCHAR(3) NOT NULL,
    "customer" INTEGER NOT NULL,
    "owner" INTEGER NOT NULL,
    "import_id" INTEGER NOT NULL,
    "amount" BIGINT NOT NULL,
    "by_days" BIGINT NOT NULL,
    "by_days_late" BIGINT NOT NULL,
    "late" BIGINT NOT NULL,
    "by_terms" BIGINT NOT NULL
);
CREATE INDEX "paid_part_invoice" ON "paid_part" ("invoice");
CREATE INDEX "paid_part_currency_day" ON "paid_part" ("currency", "day");
CREATE INDEX "paid_part_customer_currency_day" ON "paid_part" ("customer", "currency", "day");
