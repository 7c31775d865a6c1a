"""The mails of a customer's people go along an index: the customer's page shows the newest of them."""


def up(migrator, db):
    db.execute_sql('CREATE INDEX "mail_contact" ON "mail" ("contact")')
