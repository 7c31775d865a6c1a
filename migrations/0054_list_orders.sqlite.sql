-- What the lists of customers and of the archive are sorted by: they read on until a page is full.
CREATE INDEX "customer_by_code" ON "customer" (COALESCE("code", ''), "id");
CREATE INDEX "customer_by_currency" ON "customer" ("currency", "id");
CREATE INDEX "customer_by_terms" ON "customer" ("terms_days", "id");
CREATE INDEX "customer_by_limit" ON "customer" (COALESCE("credit_limit", 0), "id");
CREATE INDEX "filing_by_name" ON "filing" ("name", "id");
CREATE INDEX "filing_by_number" ON "filing" (COALESCE(((RTRIM("number", '0123456789') || SUBSTR('00000000000000000000', 1, CASE WHEN ((LENGTH("number") - LENGTH(RTRIM("number", '0123456789'))) > 20) THEN 0 ELSE (20 - (LENGTH("number") - LENGTH(RTRIM("number", '0123456789')))) END)) || SUBSTR("number", (LENGTH(RTRIM("number", '0123456789')) + 1))), ''), "id");
CREATE INDEX "filing_by_day" ON "filing" ("day", "id");
CREATE INDEX "filing_by_total" ON "filing" ("total", "id");

-- By hand: the words of a list, whose rowid is the id of the row, so that the newest come first.
CREATE VIRTUAL TABLE document_words USING fts5 (
    number,
    reference,
    content='document',
    content_rowid='id',
    tokenize='trigram'
);
CREATE TRIGGER document_words_new AFTER INSERT ON document BEGIN
    INSERT INTO document_words(rowid, number, reference) VALUES (new.id, new.number, new.reference);
END;
CREATE TRIGGER document_words_gone AFTER DELETE ON document BEGIN
    INSERT INTO document_words(document_words, rowid, number, reference)
        VALUES ('delete', old.id, old.number, old.reference);
END;
CREATE TRIGGER document_words_changed AFTER UPDATE OF number, reference ON document BEGIN
    INSERT INTO document_words(document_words, rowid, number, reference)
        VALUES ('delete', old.id, old.number, old.reference);
    INSERT INTO document_words(rowid, number, reference) VALUES (new.id, new.number, new.reference);
END;
INSERT INTO document_words(document_words) VALUES ('rebuild');

-- By hand: the words of a list, whose rowid is the id of the row, so that the newest come first.
CREATE VIRTUAL TABLE payment_words USING fts5 (
    number,
    reference,
    content='payment',
    content_rowid='id',
    tokenize='trigram'
);
CREATE TRIGGER payment_words_new AFTER INSERT ON payment BEGIN
    INSERT INTO payment_words(rowid, number, reference) VALUES (new.id, new.number, new.reference);
END;
CREATE TRIGGER payment_words_gone AFTER DELETE ON payment BEGIN
    INSERT INTO payment_words(payment_words, rowid, number, reference)
        VALUES ('delete', old.id, old.number, old.reference);
END;
CREATE TRIGGER payment_words_changed AFTER UPDATE OF number, reference ON payment BEGIN
    INSERT INTO payment_words(payment_words, rowid, number, reference)
        VALUES ('delete', old.id, old.number, old.reference);
    INSERT INTO payment_words(rowid, number, reference) VALUES (new.id, new.number, new.reference);
END;
INSERT INTO payment_words(payment_words) VALUES ('rebuild');
