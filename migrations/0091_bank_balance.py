"""The account's balance behind a bank line, where the bank tells it: by it two equal lines of two files are told apart."""


def up(migrator, db):
    db.execute_sql('ALTER TABLE "bank_line" ADD COLUMN "balance" BIGINT')
