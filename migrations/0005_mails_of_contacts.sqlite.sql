-- Which mails a contact gets; those of before go on getting what they got.
ALTER TABLE "contact" ADD COLUMN "gets_invoices" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "contact" ADD COLUMN "gets_reminders" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "contact" ADD COLUMN "gets_statements" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "contact" ADD COLUMN "gets_greetings" INTEGER NOT NULL DEFAULT 1;
