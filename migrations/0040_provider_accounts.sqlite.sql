-- Which account at the sign-in provider is whose.
CREATE TABLE "provider_account" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "user_id" INTEGER NOT NULL,
    "issuer" VARCHAR(255) NOT NULL,
    "subject" VARCHAR(255) NOT NULL,
    "bound_at" DATETIME NOT NULL,
    FOREIGN KEY ("user_id") REFERENCES "users" ("id")
);
CREATE INDEX "provider_account_user_id" ON "provider_account" ("user_id");
CREATE UNIQUE INDEX "provider_account_user_id_issuer" ON "provider_account" ("user_id", "issuer");
CREATE UNIQUE INDEX "provider_account_issuer_subject" ON "provider_account" ("issuer", "subject");
