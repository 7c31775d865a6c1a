"""A draft that was opened and left with nothing in it; it vanishes by itself."""

import datetime as dt

from models.core.clock import today
from models.core.database import db
from models.documents.draft import Autosave
from models.documents.line import Line

A_DAY = dt.timedelta(days=1)


class Untouched:
    @classmethod
    def maybe_untouched(cls):
        """Drafts that were never changed, without a line, a source and unsaved input."""
        return cls.select().where(
            cls.state == "draft",
            cls.version == 1,
            cls.source.is_null(),
            cls.id.not_in(Line.select(Line.document)),
            cls.id.not_in(Autosave.select(Autosave.document)),
        )

    @property
    def is_untouched(self):
        """Whether nobody has put anything in it: no row of any kind refers to it either, such as a
        message or a file."""
        cls = type(self)
        return cls.maybe_untouched().where(cls.id == self.id).exists() and not any(
            model.select().where(key == self.id).exists()
            for key, model in self._meta.backrefs.items()
        )

    @db.atomic()
    def discard_untouched(self, by):
        """Discard it if it is untouched; the journal keeps that it was created and deleted."""
        if self.is_untouched:
            self.move("draft", to="discarded")
            self.record("discarded", by)

    @classmethod
    def discard_all_untouched(cls):
        """Those left a day ago or longer, each in a transaction of its own."""
        for document in list(cls.maybe_untouched().where(cls.date <= today() - A_DAY)):
            document.discard_untouched(None)
