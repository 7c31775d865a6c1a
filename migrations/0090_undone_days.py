"""The day on which a payment, refund or write-off was reversed, and a paper voided: older accounts stay as they were told."""


def up(migrator, db):
    for table, column in (
        ("payment", "reversed_on"),
        ("refund", "reversed_on"),
        ("write_off", "reversed_on"),
        ("document", "voided_on"),
    ):
        db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN "{column}" DATE')
