-- What a row of an import gave up, as somebody else entered it meanwhile; the changes that wait for an
-- import are found by their row. Imports of 0.9 are kept, also one that was just being undone.
ALTER TABLE "imported_range" ADD COLUMN "lost" VARCHAR(255);
CREATE INDEX "imported_row_action_model_row" ON "imported_row" ("action", "model", "row");
ALTER TABLE "imported_row" ADD COLUMN "code" VARCHAR(255);
CREATE INDEX "imported_row_code" ON "imported_row" ("code");
UPDATE "import" SET "kept_at" = "at"
    WHERE "state" = 'undoing' AND "id" NOT IN (SELECT "import_id" FROM "imported_range");
