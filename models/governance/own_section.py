"""Sections of the handbook and courses that the firm adds of its own, beside those that ship."""

import secrets

import peewee as pw

from models.access import STAFF_ROLES
from models.base import JSONField, Model, db, now, refuse
from models.events import Journaled

FOLDERS = {"handbook": "own", "training": "course-own"}
LANGUAGES = ("zh", "en")


class OwnSection(Journaled, Model):
    """One section (or course) of the firm's own: standing, then withdrawn. Its wordings are
    HouseTexts under its key."""

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
    def called(cls, key):
        return cls.get_or_none(cls.key == key, cls.state == "standing")

    @classmethod
    @db.atomic()
    def begin(cls, by, folder, roles, texts):
        """A new section for these roles; `texts`: {language: (title, text)}, one language at least;
        where the other is missing, it is read in the one that is there."""
        from models.governance import HouseText, course

        by.must("govern")
        folder in FOLDERS and set(roles) <= set(STAFF_ROLES) or refuse("choice_unknown")
        roles or refuse("nothing_chosen")
        given = {
            language: (title.strip(), text.strip())
            for language, (title, text) in texts.items()
            if title.strip() or text.strip()
        }
        given and set(given) <= set(LANGUAGES) or refuse("text_needed")
        row = cls.create(
            key=f"~{secrets.token_hex(8)}",
            folder=folder,
            roles=[r for r in STAFF_ROLES if r in roles],
        )
        row.key = f"{FOLDERS[folder]}-{row.id}"
        row.save()
        for language, (title, text) in given.items():
            if folder == "training":
                course.check_text(text)
            HouseText.write(by, row.key, language, title, text, 0, first=True)
        row.record("begun", by, at=now().isoformat(timespec="minutes"))
        return row

    @db.atomic()
    def withdraw(self, by):
        """It counts no longer; what was acknowledged and passed stays on record. Refused while a
        role requires the course."""
        from models.governance import Requirement, Training

        by.must("govern")
        if Requirement.select().where(Requirement.course == self.key).exists():
            refuse("still_required")
        if Training.open().where(Training.course == self.key).exists():
            refuse("still_taken")
        self.move("standing", to="withdrawn")
        self.record("withdrawn", by)
