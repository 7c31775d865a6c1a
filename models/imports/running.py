"""How an import is written and undone by its worker: in portions, and what a killed one left is
ended by the next."""

from functools import partial

from models.core import progress
from models.core.database import db
from models.core.errors import refuse
from models.core.imported_range import ImportedRange
from models.core.journal import class_name
from models.core.model import model_named
from models.core.portions import Portions, insert_instances
from models.imports import changing, publishing, undoing, written_customers, written_documents
from models.imports.writing import Writer

WRITERS = {
    "customers": written_customers.write,
    "products": written_customers.write_products,
    "documents": written_documents.write,
}
# {phase of writing: from which to which part of the whole}
PHASES = {
    "reading": (0, 0.15),
    "writing": (0.15, 0.7),
    "summing": (0.7, 0.85),
    "finding": (0.85, 1),
    "removing": (0, 1),
}
NAMED = 5  # of the rows that keep a change


class Running:
    """What an import does in its worker."""

    @classmethod
    def run_waiting(cls):
        """Do everything that waits; first end what a process that was killed had begun."""
        for row in cls.select().where(cls.id.in_(ImportedRange.hidden_imports())):
            if row.state not in cls.UNFINISHED:
                row._sweep()
        waiting = model_named("ImportedRow").waiting()
        for row in cls.select().where(cls.state == "done", cls.id.in_(waiting)):
            row.apply_changes()
        super().run_waiting()

    def mark_failed(self, error):
        """Fail; an import that could not be undone remains done, or is removed later where that
        has begun."""
        if self.state == "undoing" and publishing.is_hidden(self.id):
            return
        self.finish("done" if self.state == "undoing" else "failed", error=error)

    def give_up(self):
        """What was being written is removed, and what was being removed goes on being removed."""
        if self.state == "reading" and self._begin_again():
            return
        if self.state == "undoing" and publishing.is_hidden(self.id):
            return self.run()
        self._sweep()
        super().give_up()

    @property
    def phase(self):
        """The phase of writing that it has come to, or None."""
        return progress.facts(self.watch).get("phase")

    def note_phase(self, phase, part):
        """Tell that so much of this phase of writing is done."""
        begins, ends = PHASES[phase]
        progress.note(self.watch, begins + (ends - begins) * part, phase=phase)

    def _run(self):
        """Write everything in portions, hidden until the last step."""
        if not publishing.begin(self.id):
            return self._wait()
        try:
            self._write_rows()
        except Exception as error:
            self._sweep()
            if not (refusal := publishing.overtaking(error)):
                raise
            return self._check(error=self.error_text(refusal))
        self.apply_changes()

    def _write_rows(self):
        since = publishing.newest_event()
        plan = self.plan().compare_with(self.check_file)
        plan.compute(partial(self.note_phase, "reading"))
        if plan.faults:
            self._sweep()
            return self._check()
        plan.refuse_unless_shown(self.findings.get("shown", plan.shown))
        writer = Writer(self, plan.count, partial(self.note_phase, "writing"))
        WRITERS[self.target](plan, writer)
        self._remember_changes(writer)
        publishing.prepare(self, writer.portions, self.note_phase)
        publishing.publish(self, plan.findings(), writer.settled, since)

    def _sweep(self):
        """Remove what was written and not published; nothing where it does not stand hidden."""
        if not publishing.is_hidden(self.id):
            return
        publishing.remove(self.id, note=partial(self.note_phase, "removing"))
        self._forget()

    def _wait(self):
        """Let another import end first."""
        cls = type(self)
        cls.update(claimed_at=None).where(cls.id == self.id).execute()

    def _remember_changes(self, writer):
        ImportedRow = model_named("ImportedRow")
        rows = (
            ImportedRow(
                import_=self,
                model=class_name(type(row)),
                row=row.get_id(),
                action="waiting",
                before=before,
                after=after,
                code=after.get("code"),
            )
            for row, before, after in writer.changes
        )
        writer.portions.write(rows, lambda some: insert_instances(ImportedRow, some))

    @db.atomic()
    def _forget(self):
        """There are no rows of it any more."""
        publishing.forget(self.id)
        rows = model_named("ImportedRow")
        rows.delete().where(rows.import_ == self.id).execute()

    def apply_changes(self):
        """Change the rows that existed before, once the import is published, a few at a time."""
        Portions().write(self._waiting_changes(), lambda some: [row.apply(self.by) for row in some])

    def apply_a_few_changes(self):
        """The same in one transaction, where they are few."""
        for row in changing.few_of(self._waiting_changes()):
            row.apply(self.by)

    def _waiting_changes(self):
        rows = self.rows.model
        return rows.waiting_of(self.id).order_by(rows.id)

    def _undo(self):
        ImportedRange.of(self.id) or refuse("import_kept")  # one of 0.9, which the update kept
        if not undoing.hide(self):
            return self._wait()
        kept, changed = [], self.rows.order_by(self.rows.model.id.desc())
        Portions().write(changed, lambda some: kept.extend(self._not_taken_back(some)))
        publishing.remove(self.id, self.by, partial(self.note_phase, "removing"))
        with db.atomic():
            self._forget()
            self._finish_undone(kept)

    def _not_taken_back(self, rows):
        """Take these back. Returns those for which that is refused."""
        return [row for row in rows if row.take_back(self.by) is False]

    def _finish_undone(self, kept):
        """End the undo, and tell which rows keep what the import changed in them."""
        names = ", ".join(row.name for row in kept[:NAMED])
        told = {"error": f"undo_left {names}"[:500]} if kept else {}
        self.finish("undone", findings={}, **told)
