-- Each kind of rows gets a range of ids of its own in the search index, as on SQLite.
ALTER TABLE "search_entry" ALTER COLUMN "id" TYPE BIGINT USING "ref" + 1099511627776 * CASE "kind"
    WHEN 'contacts' THEN 1 WHEN 'customers' THEN 2 WHEN 'documents' THEN 3 ELSE 4 END;
ALTER SEQUENCE "search_entry_id_seq" AS BIGINT;

-- By the day of their newest invoice customers are sorted.
CREATE INDEX "sales_day_newest" ON "sales_day" ("customer", "day", "import_id")
    WHERE "basis" = 'invoice' AND "papers" > 0;
