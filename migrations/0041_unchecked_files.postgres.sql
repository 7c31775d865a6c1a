-- Files that were taken while the virus scanner was away.
CREATE TABLE "unchecked_file" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "sha256" VARCHAR(64) NOT NULL,
    "name" VARCHAR(255) NOT NULL,
    "taken_at" TIMESTAMP NOT NULL,
    "found" VARCHAR(100) NOT NULL
);
CREATE UNIQUE INDEX "unchecked_file_sha256" ON "unchecked_file" ("sha256");
