-- By what customers are recognised, and those that are known to be different.
CREATE TABLE "customer_key" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "customer" INTEGER NOT NULL,
    "kind" VARCHAR(6) NOT NULL,
    "value" VARCHAR(255) NOT NULL
);
CREATE UNIQUE INDEX "customer_key_kind_value_customer" ON "customer_key" ("kind", "value", "customer");
CREATE INDEX "customer_key_customer" ON "customer_key" ("customer");
CREATE TABLE "kept_apart" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "first" INTEGER NOT NULL,
    "second" INTEGER NOT NULL,
    "at" TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX "kept_apart_first_second" ON "kept_apart" ("first", "second");
CREATE INDEX "kept_apart_second" ON "kept_apart" ("second");
ALTER TABLE "customer" ADD COLUMN "merged_into_id" INTEGER REFERENCES "customer" ("id");
ALTER TABLE "customer" ADD COLUMN "main_id" INTEGER REFERENCES "customer" ("id");
CREATE INDEX "customer_merged_into_id" ON "customer" ("merged_into_id") WHERE "merged_into_id" IS NOT NULL;
-- Partial, so that no list of those without one is read by it.
CREATE INDEX "customer_main_id" ON "customer" ("main_id") WHERE "main_id" IS NOT NULL;
