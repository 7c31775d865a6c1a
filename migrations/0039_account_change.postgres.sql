-- Changes of the accounts that customers pay to, which wait for a second person or for a day.
CREATE TABLE "account_change" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "state" VARCHAR(10) NOT NULL,
    "values" TEXT NOT NULL,
    "was" TEXT NOT NULL,
    "asked_by_id" INTEGER NOT NULL,
    "asked_at" TIMESTAMP NOT NULL,
    "prints_at" TIMESTAMP,
    "decided_by_id" INTEGER,
    "decided_at" TIMESTAMP,
    "reason" VARCHAR(500) NOT NULL,
    FOREIGN KEY ("asked_by_id") REFERENCES "users" ("id"),
    FOREIGN KEY ("decided_by_id") REFERENCES "users" ("id")
);
CREATE INDEX "account_change_state" ON "account_change" ("state");
CREATE INDEX "account_change_asked_by_id" ON "account_change" ("asked_by_id");
CREATE INDEX "account_change_decided_by_id" ON "account_change" ("decided_by_id");
CREATE UNIQUE INDEX "account_change_waiting" ON "account_change" ("state") WHERE "state" = 'waiting';
ALTER TABLE "company" ADD COLUMN "accounts_from" TIMESTAMP;
