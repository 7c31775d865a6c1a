-- When an import was confirmed as kept. Those that were done before count as kept.
ALTER TABLE "import" ADD COLUMN "kept_at" TIMESTAMP;
UPDATE "import" SET "kept_at" = "finished_at" WHERE "state" = 'done';
