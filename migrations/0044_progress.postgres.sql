-- How far long work has come, and its last sign of life.
CREATE TABLE "progress" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "name" VARCHAR(255) NOT NULL,
    "facts" TEXT NOT NULL,
    "beat_at" TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX "progress_name" ON "progress" ("name");
