-- What a row of an import gave up, as somebody else entered it meanwhile; the changes that wait for an
-- import are found by their row.
ALTER TABLE "imported_range" ADD COLUMN "lost" VARCHAR(255);
CREATE INDEX "imported_row_action_model_row" ON "imported_row" ("action", "model", "row");
ALTER TABLE "imported_row" ADD COLUMN "code" VARCHAR(255);
CREATE INDEX "imported_row_code" ON "imported_row" ("code");
