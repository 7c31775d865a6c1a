-- What is open of each invoice, and its sums.
CREATE TABLE "due_item" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "document" INTEGER NOT NULL,
    "due_on" DATE,
    "currency" VARCHAR(3) NOT NULL,
    "customer" INTEGER NOT NULL,
    "owner" INTEGER NOT NULL,
    "state" VARCHAR(12) NOT NULL,
    "amount" BIGINT NOT NULL,
    "open" BIGINT NOT NULL
);
CREATE UNIQUE INDEX "due_item_document" ON "due_item" ("document");
CREATE INDEX "due_item_due_on" ON "due_item" ("due_on") WHERE "open" > 0;
CREATE TABLE "due_sum" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "customer" INTEGER NOT NULL,
    "owner" INTEGER NOT NULL,
    "state" VARCHAR(12) NOT NULL,
    "currency" VARCHAR(3) NOT NULL,
    "items" INTEGER NOT NULL,
    "amount" BIGINT NOT NULL,
    "open" BIGINT NOT NULL
);
CREATE UNIQUE INDEX "due_sum_customer_owner_state_currency"
    ON "due_sum" ("customer", "owner", "state", "currency");
