-- Headings above and subtotals below the lines of a document; none where it is NULL.
ALTER TABLE "line" ADD COLUMN "heading" VARCHAR(500);
ALTER TABLE "line" ADD COLUMN "subtotal" VARCHAR(250);
