-- What was sold by month also by whose customer the buyer is now.
DROP TABLE "sales_month";
CREATE TABLE "sales_month" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "day" DATE NOT NULL,
    "basis" VARCHAR(10) NOT NULL,
    "currency" VARCHAR(3) NOT NULL,
    "owner" INTEGER NOT NULL,
    "keeper" INTEGER NOT NULL,
    "import_id" INTEGER NOT NULL,
    "papers" INTEGER NOT NULL,
    "credits" INTEGER NOT NULL,
    "net" INTEGER NOT NULL,
    "discount" INTEGER NOT NULL,
    "cost" INTEGER NOT NULL,
    "costed" INTEGER NOT NULL
);
CREATE UNIQUE INDEX "sales_month_basis_currency_day_owner_keeper_import_id"
    ON "sales_month" ("basis", "currency", "day", "owner", "keeper", "import_id");
INSERT INTO "sales_month" ("day", "basis", "currency", "owner", "keeper", "import_id", "papers", "credits", "net", "discount", "cost", "costed")
    SELECT substr("day", 1, 7) || '-01', "basis", "sales_day"."currency", "owner", COALESCE("owner_id", 0), "import_id", SUM("papers"), SUM("credits"), SUM("net"), SUM("discount"), SUM("cost"), SUM("costed")
    FROM "sales_day" JOIN "customer" ON "customer"."id" = "sales_day"."customer" GROUP BY 1, 2, 3, 4, 5, 6;
