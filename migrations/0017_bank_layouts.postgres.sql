-- What the columns of a bank's files mean is said once for each account.
CREATE TABLE "bank_layout" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "account" VARCHAR(60) NOT NULL,
    "heads" TEXT NOT NULL,
    "heads_key" VARCHAR(64) NOT NULL,
    "choices" TEXT NOT NULL,
    "by_id" INTEGER NOT NULL,
    "at" TIMESTAMP NOT NULL,
    FOREIGN KEY ("by_id") REFERENCES "users" ("id")
);
CREATE INDEX "bank_layout_by_id" ON "bank_layout" ("by_id");
CREATE UNIQUE INDEX "bank_layout_account_heads_key" ON "bank_layout" ("account", "heads_key");
