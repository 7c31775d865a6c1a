-- A bank's file is looked at before its lines come in, and can be taken back.
CREATE TABLE "bank_file" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "state" VARCHAR(10) NOT NULL,
    "filename" VARCHAR(255) NOT NULL,
    "file" VARCHAR(64) NOT NULL,
    "currency" VARCHAR(3) NOT NULL,
    "choices" TEXT NOT NULL,
    "found" TEXT NOT NULL,
    "counts" TEXT NOT NULL,
    "by_id" INTEGER NOT NULL,
    "at" TIMESTAMP NOT NULL,
    FOREIGN KEY ("by_id") REFERENCES "users" ("id")
);
CREATE INDEX "bank_file_state" ON "bank_file" ("state");
CREATE INDEX "bank_file_by_id" ON "bank_file" ("by_id");
ALTER TABLE "bank_line" ADD COLUMN "source_id" INTEGER REFERENCES "bank_file" ("id");
CREATE INDEX "bank_line_source_id" ON "bank_line" ("source_id");
