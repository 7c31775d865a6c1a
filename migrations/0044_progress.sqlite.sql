-- How far long work has come, and its last sign of life.
CREATE TABLE "progress" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "name" VARCHAR(255) NOT NULL,
    "facts" TEXT NOT NULL,
    "beat_at" DATETIME NOT NULL
);
CREATE UNIQUE INDEX "progress_name" ON "progress" ("name");
