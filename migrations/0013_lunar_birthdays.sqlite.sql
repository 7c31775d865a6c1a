-- A lunar birthday is known by its month and day, often without the year.
ALTER TABLE "contact" ADD COLUMN "lunar_month" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "contact" ADD COLUMN "lunar_day" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "contact" ADD COLUMN "lunar_leap" INTEGER NOT NULL DEFAULT 0;
