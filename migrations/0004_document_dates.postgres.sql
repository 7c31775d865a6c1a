-- A document may bear a chosen date; lists are sorted by the date that it bears.
ALTER TABLE "document" ADD COLUMN "chosen_date" DATE;
DROP INDEX "document_date_id";
CREATE INDEX "document_issued" ON "document" (COALESCE("issued_on", "date"), "id");
