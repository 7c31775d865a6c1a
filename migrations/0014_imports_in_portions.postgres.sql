-- Which rows an import made, and whether they are to be seen yet; the hashes of their content. What is
-- summed up is kept by import, so that it counts, or no longer counts, with its rows.
CREATE TABLE "imported_range" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "import_id" INTEGER NOT NULL,
    "name" VARCHAR(30) NOT NULL,
    "first" INTEGER NOT NULL,
    "last" INTEGER NOT NULL,
    "hidden" INTEGER NOT NULL
);
CREATE UNIQUE INDEX "imported_range_import_id_name" ON "imported_range" ("import_id", "name");
CREATE UNIQUE INDEX "imported_range_hidden" ON "imported_range" ("name") WHERE "hidden" = 1;
CREATE TABLE "imported_content" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "import_id" INTEGER NOT NULL,
    "name" VARCHAR(30) NOT NULL,
    "first" INTEGER NOT NULL,
    "hashes" TEXT NOT NULL
);
CREATE INDEX "imported_content_import_id" ON "imported_content" ("import_id");
ALTER TABLE "document" ADD COLUMN "import_id" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "due_item" ADD COLUMN "import_id" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "due_sum" ADD COLUMN "import_id" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "sales_day" ADD COLUMN "import_id" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "sales_item" ADD COLUMN "import_id" INTEGER NOT NULL DEFAULT 0;
DROP INDEX "due_sum_customer_owner_state_currency";
CREATE UNIQUE INDEX "due_sum_customer_owner_state_currency_import_id"
    ON "due_sum" ("customer", "owner", "state", "currency", "import_id");
DROP INDEX "sales_day_basis_currency_day_customer_owner";
CREATE UNIQUE INDEX "sales_day_basis_currency_day_customer_owner_import_id"
    ON "sales_day" ("basis", "currency", "day", "customer", "owner", "import_id");
DROP INDEX "sales_item_basis_currency_day_customer_owner_product";
CREATE UNIQUE INDEX "sales_item_basis_currency_day_customer_owner_product_import_id"
    ON "sales_item" ("basis", "currency", "day", "customer", "owner", "product", "import_id");
