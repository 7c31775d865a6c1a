-- Names of tax rates, and of the bank, in English, for documents in English.
ALTER TABLE "tax_rate" ADD COLUMN "name_en" VARCHAR(255) NOT NULL DEFAULT '';
ALTER TABLE "company" ADD COLUMN "bank_name_en" VARCHAR(255) NOT NULL DEFAULT '';
ALTER TABLE "company" ADD COLUMN "bank_branch_en" VARCHAR(255) NOT NULL DEFAULT '';
