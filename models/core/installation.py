"""What the hosts of one portal must know of each other, such as the fingerprints of its keys."""

import peewee as pw

from models.core.model import Model

TABLE = "installation"  # left out of every dump


class Installation(Model):
    """One named text. It belongs to the database and not to the firm: no backup carries it, and a
    restore leaves it."""

    name = pw.CharField(max_length=40, unique=True)
    value = pw.TextField()

    @classmethod
    def read(cls, name):
        """The text, or ""."""
        found = cls.get_or_none(cls.name == name)
        return found.value if found else ""

    @classmethod
    def write(cls, name, value):
        cls.insert(name=name, value=value).on_conflict(
            conflict_target=[cls.name], update={cls.value: value}
        ).execute()

    @classmethod
    def claim(cls, name, value):
        """Write it unless something stands there; returns what stands there now."""
        if not cls.read(name):
            cls.insert(name=name, value=value).on_conflict_ignore().execute()
        return cls.read(name)

    @classmethod
    def forget(cls, name):
        cls.delete().where(cls.name == name).execute()
