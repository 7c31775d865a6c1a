-- What the page shows of a file to import, so that looking at it reads nothing again.
ALTER TABLE "import" ADD COLUMN "outline" TEXT NOT NULL DEFAULT '{}';
