-- What a person corrects in a file before it is imported, and which columns meant what in earlier files.
CREATE TABLE "import_correction" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "import_id" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "cells" TEXT,
    FOREIGN KEY ("import_id") REFERENCES "import" ("id")
);
CREATE UNIQUE INDEX "import_correction_import_id_number" ON "import_correction" ("import_id", "number");
CREATE INDEX "import_correction_import_id" ON "import_correction" ("import_id");
CREATE TABLE "import_mapping" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "target" VARCHAR(12) NOT NULL,
    "heads" VARCHAR(64) NOT NULL,
    "name" VARCHAR(60) NOT NULL,
    "columns" TEXT NOT NULL,
    "options" TEXT NOT NULL,
    "by_id" INTEGER NOT NULL,
    "at" DATETIME NOT NULL,
    FOREIGN KEY ("by_id") REFERENCES "users" ("id")
);
CREATE UNIQUE INDEX "import_mapping_target_heads" ON "import_mapping" ("target", "heads");
CREATE INDEX "import_mapping_by_id" ON "import_mapping" ("by_id");
