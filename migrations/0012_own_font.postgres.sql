-- A font of the firm's own, for letters that ours lack.
ALTER TABLE "company" ADD COLUMN "font" VARCHAR(64);
ALTER TABLE "company" ADD COLUMN "font_name" VARCHAR(255) NOT NULL DEFAULT '';
ALTER TABLE "company" ADD COLUMN "font_letters" TEXT NOT NULL DEFAULT '[]';
