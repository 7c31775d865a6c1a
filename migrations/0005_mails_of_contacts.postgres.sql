-- Which mails a contact gets; those of before go on getting what they got.
ALTER TABLE "contact" ADD COLUMN "gets_invoices" BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE "contact" ADD COLUMN "gets_reminders" BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE "contact" ADD COLUMN "gets_statements" BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE "contact" ADD COLUMN "gets_greetings" BOOLEAN NOT NULL DEFAULT TRUE;
