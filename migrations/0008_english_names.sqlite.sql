-- Names, addresses and units in English, for documents in English.
ALTER TABLE "company" ADD COLUMN "name_en" VARCHAR(255) NOT NULL DEFAULT '';
ALTER TABLE "company" ADD COLUMN "legal_name_en" VARCHAR(255) NOT NULL DEFAULT '';
ALTER TABLE "company" ADD COLUMN "address_en" VARCHAR(500) NOT NULL DEFAULT '';
ALTER TABLE "company" ADD COLUMN "footer_en" VARCHAR(500) NOT NULL DEFAULT '';
ALTER TABLE "product" ADD COLUMN "name_en" VARCHAR(255) NOT NULL DEFAULT '';
ALTER TABLE "product" ADD COLUMN "unit_en" VARCHAR(255) NOT NULL DEFAULT '';
