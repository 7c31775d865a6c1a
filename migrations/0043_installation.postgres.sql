-- What the hosts of one portal know of each other; no backup carries it (models/core/installation.py).
CREATE TABLE "installation" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "name" VARCHAR(40) NOT NULL,
    "value" TEXT NOT NULL
);
CREATE UNIQUE INDEX "installation_name" ON "installation" ("name");
