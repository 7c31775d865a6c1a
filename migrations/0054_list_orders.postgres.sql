-- What the lists of customers and of the archive are sorted by: they read on until a page is full.
CREATE INDEX "customer_by_code" ON "customer" (COALESCE("code", ''), "id");
CREATE INDEX "customer_by_currency" ON "customer" ("currency", "id");
CREATE INDEX "customer_by_terms" ON "customer" ("terms_days", "id");
CREATE INDEX "customer_by_limit" ON "customer" (COALESCE("credit_limit", 0), "id");
CREATE INDEX "filing_by_name" ON "filing" ("name", "id");
CREATE INDEX "filing_by_number" ON "filing" (COALESCE(((RTRIM("number", '0123456789') || SUBSTR('00000000000000000000', 1, CASE WHEN ((LENGTH("number") - LENGTH(RTRIM("number", '0123456789'))) > 20) THEN 0 ELSE (20 - (LENGTH("number") - LENGTH(RTRIM("number", '0123456789')))) END)) || SUBSTR("number", (LENGTH(RTRIM("number", '0123456789')) + 1))), ''), "id");
CREATE INDEX "filing_by_day" ON "filing" ("day", "id");
CREATE INDEX "filing_by_total" ON "filing" ("total", "id");

-- Where the extension is there, as of the baseline.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') THEN
        CREATE INDEX "payment_number_words" ON "payment" USING gin ("number" gin_trgm_ops);
        CREATE INDEX "payment_reference_words" ON "payment" USING gin ("reference" gin_trgm_ops);
    END IF;
END
$$;
