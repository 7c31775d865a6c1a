-- What was paid of each invoice, when and how late, for the figures on days to pay. The application
-- fills it at its next start (models/receivables/paid_part.py).
CREATE TABLE "paid_part" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "invoice" INTEGER NOT NULL,
    "day" DATE NOT NULL,
    "currency" VARCHAR(3) NOT NULL,
    "customer" INTEGER NOT NULL,
    "owner" INTEGER NOT NULL,
    "import_id" INTEGER NOT NULL,
    "amount" INTEGER NOT NULL,
    "by_days" INTEGER NOT NULL,
    "by_days_late" INTEGER NOT NULL,
    "late" INTEGER NOT NULL,
    "by_terms" INTEGER NOT NULL
);
CREATE INDEX "paid_part_invoice" ON "paid_part" ("invoice");
CREATE INDEX "paid_part_currency_day" ON "paid_part" ("currency", "day");
CREATE INDEX "paid_part_customer_currency_day" ON "paid_part" ("customer", "currency", "day");
