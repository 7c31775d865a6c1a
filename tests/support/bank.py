"""Bank lines by the way that the pages go."""

from models.bank.bank_file import BankFile


def read_in(by, data, name="x.csv", currency="CNY"):
    """Upload the file and take it in at once; the counts."""
    data = data if isinstance(data, bytes) else data.encode()
    return BankFile.upload(by, name, data, currency).take_in(by)
