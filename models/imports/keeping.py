"""Keeping an import: until then it can be undone, and its documents are neither filed by rule nor
reminded of."""

import datetime as dt

from models.core.clock import local, now
from models.core.database import db
from models.core.errors import refuse

KEPT_AFTER = dt.timedelta(days=30)


class Keeping:
    @property
    def undoable(self):
        return self.state == "done" and self.kept_at is None

    @property
    def kept_by_itself_on(self):
        """The day on which it is kept unless somebody undoes it."""
        return local(self.finished_at + KEPT_AFTER).date()

    @db.atomic()
    def keep(self, by):
        """Confirm that it is right; `by` is None when its time is over. It cannot be undone after
        that."""
        by is None or by.must("import")
        cls = type(self)
        cls.update(kept_at=now()).where(
            cls.id == self.id, cls.state == "done", cls.kept_at.is_null()
        ).execute() or refuse("import_kept")
        # What documents held before is needed for undo alone, and is not to outlive them.
        rows = self.rows.model
        rows.update(before=None, after=None).where(
            rows.import_ == self.id, rows.model == "Document", rows.action != "waiting"
        ).execute()
        self.record("kept", by)

    @classmethod
    def keep_due(cls):
        """Keep those that ended long enough ago; called by the scheduler."""
        due = (cls.state == "done") & cls.kept_at.is_null()
        for row in list(cls.select().where(due, cls.finished_at <= now() - KEPT_AFTER)):
            row.keep(None)
