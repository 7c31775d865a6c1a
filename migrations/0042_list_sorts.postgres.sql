-- Indexes for each way in which the list of documents is sorted (models/numbering.py as_counted, views/lists.py).
CREATE INDEX "document_due" ON "document" (COALESCE("due_on", '0001-01-01'), "id");
CREATE INDEX "document_counted" ON "document" (COALESCE(((RTRIM("number", '0123456789') || SUBSTR('00000000000000000000', 1, CASE WHEN ((LENGTH("number") - LENGTH(RTRIM("number", '0123456789'))) > 20) THEN 0 ELSE (20 - (LENGTH("number") - LENGTH(RTRIM("number", '0123456789')))) END)) || SUBSTR("number", (LENGTH(RTRIM("number", '0123456789')) + 1))), ''), "id");
-- The number book finds the ends of each series.
DROP INDEX "document_series_id";
CREATE INDEX "document_series_place" ON "document" ("series_id", "place");
