-- The further invoices of a tax invoice that belongs to several.
CREATE TABLE "einvoice_document" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "einvoice_id" INTEGER NOT NULL,
    "document_id" INTEGER NOT NULL,
    FOREIGN KEY ("einvoice_id") REFERENCES "e_invoice" ("id"),
    FOREIGN KEY ("document_id") REFERENCES "document" ("id")
);
CREATE INDEX "einvoice_document_einvoice_id" ON "einvoice_document" ("einvoice_id");
CREATE INDEX "einvoice_document_document_id" ON "einvoice_document" ("document_id");
CREATE UNIQUE INDEX "einvoice_document_einvoice_id_document_id" ON "einvoice_document" ("einvoice_id", "document_id");
