-- When who is signed in last showed a password or a factor; NULL: never, as after a link by mail.
ALTER TABLE "session" ADD COLUMN "proved_at" DATETIME;
