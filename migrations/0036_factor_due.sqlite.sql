-- Until when who signed in must have a second factor; NULL: need not.
ALTER TABLE "session" ADD COLUMN "factor_due" DATETIME;
