-- What contacts sent within the last day, to be counted against the limits.
CREATE TABLE "customer_act" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "kind" VARCHAR(10) NOT NULL,
    "contact_id" INTEGER NOT NULL,
    "customer_id" INTEGER NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "size" INTEGER NOT NULL,
    FOREIGN KEY ("contact_id") REFERENCES "contact" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("customer_id") REFERENCES "customer" ("id") ON DELETE CASCADE
);
CREATE INDEX "customer_act_contact_id" ON "customer_act" ("contact_id");
CREATE INDEX "customer_act_customer_id" ON "customer_act" ("customer_id");
CREATE INDEX "customer_act_at" ON "customer_act" ("at");
