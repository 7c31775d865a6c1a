-- The second factor of staff: an app, passkeys, recovery codes, browsers that are remembered.
CREATE TABLE "factor" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "user_id" INTEGER NOT NULL,
    "asked_at" TIMESTAMP,
    "secret" VARCHAR(255) NOT NULL,
    "pending" VARCHAR(255) NOT NULL,
    "set_at" TIMESTAMP,
    "last_step" INTEGER NOT NULL,
    FOREIGN KEY ("user_id") REFERENCES "users" ("id")
);
CREATE UNIQUE INDEX "factor_user_id" ON "factor" ("user_id");
CREATE TABLE "passkey" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "user_id" INTEGER NOT NULL,
    "credential" VARCHAR(1400) NOT NULL,
    "public_key" TEXT NOT NULL,
    "sign_count" BIGINT NOT NULL,
    "name" VARCHAR(60) NOT NULL,
    "made_at" TIMESTAMP NOT NULL,
    "used_at" TIMESTAMP,
    FOREIGN KEY ("user_id") REFERENCES "users" ("id")
);
CREATE UNIQUE INDEX "passkey_credential" ON "passkey" ("credential");
CREATE INDEX "passkey_user_id" ON "passkey" ("user_id");
CREATE TABLE "recovery_code" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "user_id" INTEGER NOT NULL,
    "token" VARCHAR(64) NOT NULL,
    "used_at" TIMESTAMP,
    FOREIGN KEY ("user_id") REFERENCES "users" ("id")
);
CREATE UNIQUE INDEX "recovery_code_token" ON "recovery_code" ("token");
CREATE INDEX "recovery_code_user_id" ON "recovery_code" ("user_id");
CREATE TABLE "device" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "user_id" INTEGER NOT NULL,
    "token" VARCHAR(64) NOT NULL,
    "made_at" TIMESTAMP NOT NULL,
    "expires_at" TIMESTAMP NOT NULL,
    "address" VARCHAR(255) NOT NULL,
    "agent" VARCHAR(200) NOT NULL,
    FOREIGN KEY ("user_id") REFERENCES "users" ("id")
);
CREATE UNIQUE INDEX "device_token" ON "device" ("token");
CREATE INDEX "device_user_id" ON "device" ("user_id");
