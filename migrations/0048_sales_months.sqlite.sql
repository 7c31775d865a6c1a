-- What was sold by month, and indexes that answer what is asked of one customer or product.
CREATE TABLE "sales_month" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "day" DATE NOT NULL,
    "basis" VARCHAR(10) NOT NULL,
    "currency" VARCHAR(3) NOT NULL,
    "owner" INTEGER NOT NULL,
    "import_id" INTEGER NOT NULL,
    "papers" INTEGER NOT NULL,
    "credits" INTEGER NOT NULL,
    "net" INTEGER NOT NULL,
    "discount" INTEGER NOT NULL,
    "cost" INTEGER NOT NULL,
    "costed" INTEGER NOT NULL
);
CREATE UNIQUE INDEX "sales_month_basis_currency_day_owner_import_id"
    ON "sales_month" ("basis", "currency", "day", "owner", "import_id");
INSERT INTO "sales_month" ("day", "basis", "currency", "owner", "import_id", "papers", "credits", "net", "discount", "cost", "costed")
    SELECT substr("day", 1, 7) || '-01', "basis", "currency", "owner", "import_id", SUM("papers"), SUM("credits"), SUM("net"), SUM("discount"), SUM("cost"), SUM("costed")
    FROM "sales_day" GROUP BY 1, 2, 3, 4, 5;
CREATE TABLE "sales_item_month" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "day" DATE NOT NULL,
    "basis" VARCHAR(10) NOT NULL,
    "currency" VARCHAR(3) NOT NULL,
    "product" INTEGER NOT NULL,
    "import_id" INTEGER NOT NULL,
    "lines" INTEGER NOT NULL,
    "net" INTEGER NOT NULL,
    "quantity" INTEGER NOT NULL,
    "cost" INTEGER NOT NULL,
    "costed" INTEGER NOT NULL
);
CREATE UNIQUE INDEX "sales_item_month_basis_currency_day_product_import_id"
    ON "sales_item_month" ("basis", "currency", "day", "product", "import_id");
INSERT INTO "sales_item_month" ("day", "basis", "currency", "product", "import_id", "lines", "net", "quantity", "cost", "costed")
    SELECT substr("day", 1, 7) || '-01', "basis", "currency", "product", "import_id", SUM("lines"), SUM("net"), SUM("quantity"), SUM("cost"), SUM("costed")
    FROM "sales_item" GROUP BY 1, 2, 3, 4, 5;
DROP INDEX "sales_day_customer_basis_currency_day";
CREATE INDEX "sales_day_customer_basis_currency_day_papers_net_import_id"
    ON "sales_day" ("customer", "basis", "currency", "day", "papers", "net", "import_id");
DROP INDEX "sales_item_product_basis_currency_day";
CREATE INDEX "sales_item_product_basis_currency_day_customer_import_id"
    ON "sales_item" ("product", "basis", "currency", "day", "customer", "import_id");
