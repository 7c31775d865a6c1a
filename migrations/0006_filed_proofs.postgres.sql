-- Signed statements and payment slips are filed.
ALTER TABLE "filing" ADD COLUMN "statement_id" INTEGER REFERENCES "statement" ("id");
ALTER TABLE "filing" ADD COLUMN "payment_id" INTEGER REFERENCES "payment" ("id");
CREATE UNIQUE INDEX "filing_statement_id" ON "filing" ("statement_id");
CREATE UNIQUE INDEX "filing_payment_id" ON "filing" ("payment_id");
