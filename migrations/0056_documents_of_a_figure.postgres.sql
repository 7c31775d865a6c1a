-- The documents behind a figure are counted, summed and sorted by the index alone.
DROP INDEX "document_kind_issued_on";
CREATE INDEX "document_of_a_figure" ON "document" ("kind", "issued_on", "state", "currency", "customer_id", "owner_id", "net", "tax");
