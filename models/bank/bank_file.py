"""A file of the bank: uploaded → checked → done, or undone while nothing of it is booked."""

from collections import Counter

import peewee as pw

from models.adapters import blobs, sandbox
from models.bank import judging
from models.bank.known import Known, missing, shape_of
from models.bank.layout import BankLayout
from models.bank.row import Row
from models.core import filenames
from models.core.clock import now
from models.core.database import db
from models.core.errors import refuse
from models.core.fields import JSONField
from models.core.journal import Event, Journaled
from models.core.model import Model
from models.people import User

READ = "models.bank.reading.read"  # its libraries are loaded by the reading process alone
PORTION = 25  # lines in one transaction, so that nobody waits


class BankFile(Journaled, Model):
    """One reading. While it is `uploaded`, something must be asked; `checked` shows what will come
    in; nothing is a bank line before it is `done`."""

    state = pw.CharField(max_length=10, default="uploaded", index=True)
    filename = pw.CharField()
    file = pw.CharField(max_length=64)
    currency = pw.CharField(max_length=3)
    choices = JSONField(default=dict)
    found = JSONField(default=dict)
    counts = JSONField(default=dict)
    by = pw.ForeignKeyField(User)
    at = pw.DateTimeField()
    unhashed = ("found",)  # what the file and the choices give, read again at any time

    @classmethod
    def upload(cls, by, filename, data, currency):
        """Read the file and keep it; what must be asked stands in `found`."""
        by.must("pay")
        blobs.check_size(data)
        found = _read(data, filename, currency, {})
        with db.atomic():
            row = cls.create(
                state=_state(found),
                filename=filenames.harmless(filename, but=("html", "htm")),
                file=blobs.keep(data),
                currency=currency,
                choices=found["choices"],
                found=found,
                by=by,
                at=now(),
            )
            row.record("uploaded", by, filename=row.filename)
        return row

    def answer(self, by, choices, remember=True):
        """Read the file once more, with what a person said of its columns."""
        by.must("pay")
        found = _read(blobs.fetch(self.file), self.filename, self.currency, choices)
        with db.atomic():
            self.move(
                "uploaded", "checked", "undone", to=_state(found), choices=choices, found=found
            )
            if remember and self.state == "checked" and found["table"]:
                table = found["table"]
                BankLayout.remember(by, table["account"], table["heads"], choices)
            self.record("answered", by)

    @db.atomic()
    def discard(self, by):
        """Forget a file of which nothing came in."""
        by.must("pay")
        self.state in ("uploaded", "checked", "undone") or refuse("state_changed", now=self.state)
        self.remove(by, "discarded")

    @property
    def name(self):
        return self.filename

    @property
    def rows(self):
        return [Row.of(plain) for plain in self.found.get("rows", ())]

    def judged(self):
        """[Judged]: what becomes of each row, and which line it repeats or may repeat."""
        rows = self.rows
        known = Known(rows, self.lines.model.select())
        answers = self.choices.get("alike", {})
        return judging.judged(rows, known, shape_of(self.found), answers)

    @db.atomic()
    def compare(self, by, answers):
        """Keep what a person said of rows that look like a line of another format: {"row-line":
        "same" or "other"}."""
        by.must("pay")
        self._must_stand()
        said = {**self.choices.get("alike", {}), **answers}
        stands = self.state if self.state == "running" else "checked"
        self.move(stands, to=stands, choices={**self.choices, "alike": said})
        self.record("answered", by)

    def take_in(self, by, seen=None):
        """Make the lines of what came in, and fill what earlier readings left empty. Refused where
        the preview is not the one that the person has `seen`, and while a row looks like a line
        that is here. A long file is taken in by portions; after a stop in between it goes on where
        it was."""
        by.must("pay")
        judged = self.judged()
        if self.state == "checked":
            seen in (None, judging.key_of(judged)) or refuse("bank_not_seen")
        if sum(judging.is_incoming(j.row) for j in judged) > PORTION and self.state == "checked":
            with db.atomic():
                self._must_stand()
                self.move("checked", to="running")
                self.record("started", by)
        for attempt in range(3):
            try:
                return self._take(by)
            except pw.IntegrityError:  # somebody else took the same line in meanwhile
                if attempt == 2:
                    raise

    def _take(self, by):
        judged, completed = self.judged(), 0
        any(j.what == "alike" for j in judged) and refuse("bank_alike")
        incoming = [j for j in judged if judging.is_incoming(j.row)]
        known = Known([j.row for j in incoming], self.lines.model.select())
        portions = [incoming[n : n + PORTION] for n in range(0, len(incoming), PORTION)] or [[]]
        for number, portion in enumerate(portions, 1):
            with db.atomic():
                self._must_stand()
                completed += sum(self._take_row(by, known, *j) for j in portion)
                if number == len(portions):
                    return self._finish(by, judged, completed)

    def _must_stand(self):
        """Refused where somebody read the file anew, or took it back, since this was loaded."""
        row = type(self).get_or_none(id=self.id) or refuse("state_changed", now="discarded")
        (row.state, row.choices) == (self.state, self.choices) or refuse(
            "state_changed", now=row.state
        )

    def _take_row(self, by, known, row, what, line):
        """1 where the row completed a line, else 0."""
        if what == "new":
            line = self.lines.model.enter(by, row, self, known.fingerprint(row))
            known.keys.add(line.fingerprint)
        elif what == "completed":
            line.complete(by, self, missing(line, row))
        return what == "completed"

    def _finish(self, by, judged, completed):
        new, kinds = self.lines.count(), Counter(j.what for j in judged)
        counts = {
            "new": new,
            "known": sum(judging.is_incoming(j.row) for j in judged) - new,
            "completed": completed,
            "outgoing": kinds["outgoing"],
            "left_out": kinds["left_out"],
        }
        found = {**self.found, "rows": []}
        self.move("checked", "running", to="done", counts=counts, found=found)
        self.record("taken_in", by, **counts)
        return counts

    @db.atomic()
    def undo(self, by):
        """Take back every line that came with this file, and what it filled in others. Refused
        while one of them is booked."""
        by.must("pay")
        booked = self.lines.where(self.lines.model.state == "booked").first()
        booked is None or refuse("bank_line_booked", name=booked.name)
        self.move("done", "running", to="undone", counts={})
        for bank_line in self.lines:
            bank_line.remove(by, "undone")
        self._empty_again(by)
        self.record("undone", by)

    def _empty_again(self, by):
        """Empty what this reading filled, unless it was changed since."""
        for event in Event.select().where(
            Event.subject_type == "BankLine", Event.action == "completed", Event.at >= self.at
        ):
            line = self.lines.model.get_or_none(id=event.subject_id)
            if line and event.facts.get("bank_file") == self.id:
                line.empty(by, event.facts["filled"])


def _state(found):
    return "uploaded" if found["questions"] or found["fault"] else "checked"


def _read(data, filename, currency, choices):
    """What the file holds, read outside any transaction."""
    remembered = BankLayout.remembered()
    return sandbox.call(READ, data, filename, currency, choices, remembered)
