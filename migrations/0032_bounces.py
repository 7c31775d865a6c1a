"""A bounce names the mail it is about by its Message-ID."""


def up(migrator, db):
    db.execute_sql('CREATE INDEX "mail_message_id" ON "mail" ("message_id")')
