-- Who was here: what the journal holds of it so far, and from now on the lines of the security log too.
-- A session knows its browser, so that the first one from a new browser is told.
CREATE TABLE "access_entry" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "at" TIMESTAMP NOT NULL,
    "last_at" TIMESTAMP NOT NULL,
    "times" INTEGER NOT NULL,
    "kind" VARCHAR(20) NOT NULL,
    "what" VARCHAR(60) NOT NULL,
    "person" VARCHAR(30) NOT NULL,
    "address" VARCHAR(60) NOT NULL,
    "told" VARCHAR(500) NOT NULL,
    "journal_id" INTEGER,
    "sent" BOOLEAN NOT NULL
);
CREATE INDEX "access_entry_last_at" ON "access_entry" ("last_at");
CREATE INDEX "access_entry_person" ON "access_entry" ("person");
INSERT INTO "access_entry" ("at", "last_at", "times", "kind", "what", "person", "address", "told", "journal_id", "sent")
SELECT "at", "at", 1,
       CASE WHEN "action" IN ('signed_in', 'signed_out') THEN 'sign_in' ELSE 'rights' END,
       "action",
       CASE WHEN "actor_id" IS NULL THEN '' WHEN "actor_type" = 'LocalProxy' THEN 'User ' || "actor_id"
            ELSE "actor_type" || ' ' || "actor_id" END,
       SUBSTR(COALESCE("origin", ''), 1, 60),
       "subject_type" || ' ' || "subject_id" || ' ' || "action",
       "id", TRUE
FROM "event"
WHERE "subject_type" IN ('User', 'Contact')
  AND "action" IN ('signed_in', 'signed_out', 'password_set', 'disabled', 'enabled', 'invited')
  AND "id" > (SELECT COALESCE(MAX("id"), 0) FROM "event") - 200000
ORDER BY "id";
ALTER TABLE "session" ADD COLUMN "device" VARCHAR(64) NOT NULL DEFAULT '';
