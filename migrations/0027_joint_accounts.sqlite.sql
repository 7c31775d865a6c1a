-- Of which merged customers a statement or reminder shows the account besides; of none where it is NULL.
ALTER TABLE "statement" ADD COLUMN "also_of" TEXT;
ALTER TABLE "reminder" ADD COLUMN "also_of" TEXT;
