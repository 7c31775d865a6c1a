"""Long work on a row: claimed by one background worker, watched by people, ended by one event."""

import logging

from models.core import progress
from models.core.clock import now
from models.core.database import db
from models.core.errors import Refused

log = logging.getLogger("danju.work")
INTERRUPTED = "interrupted"


class LongWork:
    """For journaled models with the fields `state`, `claimed_at` and `finished_at`. They name
    their progress, and give `work()` and `record_end(state, changes)`."""

    UNFINISHED = ("waiting",)
    progress_name = ""

    @classmethod
    def unfinished(cls):
        return cls.select().where(cls.state.in_(cls.UNFINISHED)).order_by(cls.id)

    @classmethod
    def waiting(cls):
        """What no worker has claimed yet."""
        return cls.unfinished().where(cls.claimed_at.is_null())

    @classmethod
    def interrupted(cls):
        """What was claimed by a process, on whichever host, that has stopped since."""
        claimed = cls.unfinished().where(cls.claimed_at.is_null(False))
        return [row for row in claimed if not progress.alive(row.watch, row.claimed_at)]

    @classmethod
    def run_waiting(cls):
        """Do everything that waits, after giving up what was interrupted."""
        for row in cls.interrupted():
            if row.take_over():
                with progress.beating(row.watch):
                    row.give_up()
        for row in list(cls.waiting()):
            if row.claim():
                cls.get_by_id(row.id).run()

    @property
    def busy(self):
        return self.state in self.UNFINISHED

    @property
    def watch(self):
        """The name under which one sees how far it has come."""
        return f"{self.progress_name}-{self.id}"

    @property
    def part(self):
        """How much is done, from 0 to 1."""
        return progress.part(self.watch)

    @property
    def minutes_left(self):
        """How long it will still take, as far as that can be told; else None."""
        part = self.part
        if part < 0.03 or not self.claimed_at:
            return None
        spent = (now() - self.claimed_at).total_seconds()
        return max(1, round(spent * (1 - part) / part / 60))

    def note_progress(self, part):
        progress.note(self.watch, part)

    def claim(self):
        """True for the one worker that gets to do it."""
        return self._claim(type(self).claimed_at.is_null())

    def take_over(self):
        """True for the one worker that gets to give it up, where it was interrupted."""
        return self._claim(type(self).claimed_at == self.claimed_at)

    def _claim(self, as_seen):
        cls, moment = type(self), now()
        mine = cls.update(claimed_at=moment).where(
            cls.id == self.id, cls.state.in_(cls.UNFINISHED), as_seen
        )
        if mine.execute() != 1:
            return False
        self.__data__["claimed_at"] = moment
        return True

    def run(self):
        """Do the work; a failure is logged and shown."""
        try:
            with progress.beating(self.watch):
                self.work()
        except Exception as error:
            if not isinstance(error, Refused):
                log.exception("%s %s failed", type(self).__name__, self.id)
            # read again: what was rolled back is still in this instance
            type(self).get_by_id(self.id).mark_failed(self.error_text(error))

    def give_up(self):
        """Of interrupted work nothing was written; a person asks for it again."""
        self.mark_failed(INTERRUPTED)

    def mark_failed(self, error):
        self.finish("failed", error=error)

    @db.atomic()
    def finish(self, state, **changes):
        """End the work in this state."""
        self.move(*self.UNFINISHED, to=state, finished_at=now(), **changes)
        self.record_end(state, changes)

    @staticmethod
    def error_text(error):
        return f"{type(error).__name__}: {error}"[:500]
