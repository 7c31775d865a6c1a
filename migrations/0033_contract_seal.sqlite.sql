-- A second seal, for what is no invoice; none where it is NULL.
ALTER TABLE "company" ADD COLUMN "contract_seal" VARCHAR(64);
