-- Positions of a number series that were never drawn, as [[first, last], …].
ALTER TABLE "number_series" ADD COLUMN "skipped" TEXT NOT NULL DEFAULT '[]';
