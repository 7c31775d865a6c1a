"""Sections of the handbook and courses that the firm adds to those that ship with Danju."""

import peewee as pw

from models.core.fields import JSONField
from models.core.journal import Journaled
from models.core.model import Model

FOLDERS = {"handbook": "own", "training": "course-own"}
LANGUAGES = ("zh", "en")


class OwnSection(Journaled, Model):
    """One section or course of the firm's own: standing, then withdrawn. Its texts are HouseTexts
    with its key."""

    key = pw.CharField(max_length=40, unique=True)
    folder = pw.CharField(max_length=10)
    roles = JSONField(default=list)
    state = pw.CharField(max_length=10, default="standing", index=True)

    @property
    def name(self):
        return self.key

    @classmethod
    def standing(cls, folder):
        return cls.select().where(cls.folder == folder, cls.state == "standing").order_by(cls.id)

    @classmethod
    def by_key(cls, key):
        return cls.get_or_none(cls.key == key, cls.state == "standing")
